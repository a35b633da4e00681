/**
 * Repeats the life of a stack and its crashes on the oldest recorded servers. test/resources checks drift of every
 * field on them.
 */
import "./lifecycle.test";
import "./crash-safety.test";

// Read when the servers start, after all modules are loaded.
process.env.LAB_AUTHENTIK_PROFILE = "2025.10";
process.env.LAB_PROXMOX_RELEASE = "7.4";
