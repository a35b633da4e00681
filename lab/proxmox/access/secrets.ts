import { createHash, createHmac, randomBytes, scryptSync, timingSafeEqual } from "node:crypto";

export function hashPassword(password: string): string {
  const salt = randomBytes(16).toString("hex");
  return `${salt}:${scryptSync(password, salt, 32, { N: 1024 }).toString("hex")}`;
}

export function isPassword(hash: string, password: string): boolean {
  const [salt = "", expected = ""] = hash.split(":");
  return isSame(scryptSync(password, salt, 32, { N: 1024 }).toString("hex"), expected);
}

export function hashToken(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

export function sign(key: string, text: string): string {
  return createHmac("sha256", key).update(text).digest("base64");
}

export function isSame(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
