package io.weir.pool;

/** Whether a machine counts ({@code active}) and whether it may be terminated ({@code evictable}). */
public record MembershipStatus(boolean active, boolean evictable) {
    public static final MembershipStatus DEFAULT = new MembershipStatus(true, true);
    /** Counts, and may never be terminated. */
    public static final MembershipStatus BLESSED = new MembershipStatus(true, false);
    /** Replaced, and kept for a look at it. */
    public static final MembershipStatus AWAITING_SERVICE = new MembershipStatus(false, false);
    /** Replaced, and terminated. */
    public static final MembershipStatus DISPOSABLE = new MembershipStatus(false, true);
}
