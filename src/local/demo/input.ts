import { z } from "zod";

const email = z.string().trim().max(254).pipe(z.email());
const name = z.string().trim().min(1).max(80);

/** `POST /demo/session` */
export const sessionInput = z.object({
  email,
  user_id: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .optional(),
});

/** `POST /demo/orders`: what was chosen and by whom. The prices are the shop's, so none is taken. */
export const orderInput = z.object({
  cart_id: z.uuid(),
  email,
  user_id: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .optional(),
  first_name: name,
  last_name: name,
  anonymous_id: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional(),
  lines: z
    .array(z.object({ sku: z.string().max(40), quantity: z.int().min(1).max(10) }))
    .min(1)
    .max(50),
});
