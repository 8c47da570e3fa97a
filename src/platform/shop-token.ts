import { jwtVerify } from "jose";
import { MINUTE, SECOND } from "../shared/clock";

/** What the shop's server vouches for. */
export interface ShopToken {
  readonly user: string;
  readonly email: string | null;
}

const LONGEST_LIFE = 10 * MINUTE;
const LEEWAY = 60 * SECOND;

/**
 * Reads the token that the shop's server signed for a browser: JWT, HS256 and nothing else, `sub` = user id, `email`,
 * `exp` at most 10 minutes ahead. Null for anything that is not exactly that.
 */
export async function readShopToken(token: string, secret: string, now: number): Promise<ShopToken | null> {
  try {
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), {
      algorithms: ["HS256"],
      currentDate: new Date(now),
      clockTolerance: LEEWAY / SECOND,
      requiredClaims: ["sub", "exp"],
    });
    if (
      typeof payload.sub !== "string" ||
      payload.sub === "" ||
      (payload.exp ?? 0) * SECOND > now + LONGEST_LIFE + LEEWAY
    )
      return null;
    return { user: payload.sub, email: typeof payload["email"] === "string" ? payload["email"] : null };
  } catch {
    return null;
  }
}
