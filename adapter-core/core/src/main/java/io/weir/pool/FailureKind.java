package io.weir.pool;

/** Why a cloud did not do what was asked. All but {@link #UNKNOWN} mean: it did not happen and will not. */
public enum FailureKind {
    NOT_FOUND,
    NO_CAPACITY,
    QUOTA_EXCEEDED,
    INVALID_TEMPLATE,
    UNAUTHORIZED,
    /** This machine only: termination protection, a lock, a fingerprint. */
    CONFLICT,
    THROTTLED,
    /** A gate or bucket of ours said not now. */
    WITHHELD,
    UNAVAILABLE,
    /** It may have happened, or may happen yet. */
    UNKNOWN
}
