package io.weir.pool;

/**
 * A thing that was made for a machine and serves none.
 *
 * @param id the driver's own, such as {@code volume:…}
 * @param machine the one that it was made for, by the name on its mark
 */
public record Leftover(String id, PoolName pool, MachineName machine) {}
