/**
 * The life of a stack and its crashes once more, on the oldest servers that were recorded. Drift of every field
 * on them is in test/resources.
 */
import "./lifecycle.test";
import "./crash-safety.test";

// Read when the servers start, which is after all modules are loaded.
process.env.LAB_AUTHENTIK_PROFILE = "2025.10";
process.env.LAB_PROXMOX_RELEASE = "7.4";
