/** A delivery becomes one sync, however often its planning starts again: its id is the delivery's with `s` in front. */
export const syncIdOf = (deliveryId: string): string => `s${deliveryId.slice(1)}`;
