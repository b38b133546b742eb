import type { Clock } from '../ports/clock.ts';
import type { Lease, Leases } from '../ports/ledger.ts';

/** Someone newer works on this district: stop at once, write nothing more (R15). Not a fault. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
  readonly code = 'lease-lost';
}

/**
 * Keeps a lease alive while work goes on. Called often; renews when a third of the time is gone. It is a courtesy to
 * other workers only: what protects the data is the fence (R15).
 */
export class LeaseKeeper {
  readonly lease: Lease;
  readonly #leases: Leases;
  readonly #clock: Clock;
  readonly #seconds: number;
  #renewed: number;

  constructor(leases: Leases, clock: Clock, lease: Lease, seconds: number) {
    this.lease = lease;
    this.#leases = leases;
    this.#clock = clock;
    this.#seconds = seconds;
    this.#renewed = clock.now().getTime();
  }

  /** Throws `LeaseLost` where the lease has a newer holder. */
  async beat(): Promise<void> {
    const now = this.#clock.now().getTime();
    if (now - this.#renewed >= (this.#seconds * 1000) / 3) await this.demand();
  }

  /** Asks at once whether the lease is still ours, and lengthens it. Throws `LeaseLost` where it has a newer holder. */
  async demand(): Promise<void> {
    const now = this.#clock.now().getTime();
    if (!(await this.#leases.renew(this.lease, this.#seconds))) throw new LeaseLost('the lease has a newer holder');
    this.#renewed = now;
  }
}
