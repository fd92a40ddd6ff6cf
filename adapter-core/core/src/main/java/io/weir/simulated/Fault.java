package io.weir.simulated;

/** What can go wrong in a simulated cloud; each is counted when it really happened to a call, a row or a machine. */
public enum Fault {
    /** The call never arrived. */
    LOST_REQUEST,
    /** The call was carried out and its answer never arrived. */
    LOST_ANSWER,
    /** The caller got no answer, and the call is carried out later. */
    LATE_CALL,
    /** A row was shown as it no longer is, or was not shown though it should be. */
    LAG,
    /** A listing lacked a zone, and said so. */
    MISSING_SCOPE,
    /** A change in a dark zone got no answer, whether carried out or not. */
    DARK_ZONE,
    NO_CAPACITY,
    QUOTA_EXCEEDED,
    INVALID_TEMPLATE,
    THROTTLED,
    UNAVAILABLE,
    UNAUTHORIZED,
    CONFLICT,
    NEVER_BOOTS,
    DIES_YOUNG,
    HANGS_IN_TERMINATION,
    LATE_REFUSAL,
    KILLED
}
