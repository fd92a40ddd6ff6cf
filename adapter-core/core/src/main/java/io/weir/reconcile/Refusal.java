package io.weir.reconcile;

import io.weir.pool.FailureKind;
import io.weir.pool.Hold;
import java.util.Optional;

/** Why a call on a pool was not done. Nothing was changed, and nothing happens later. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Code code;
    private final transient Optional<String> field;
    private final transient Optional<Hold> hold;
    private final transient Optional<FailureKind> cloud;

    private Refusal(Code code, String text, Optional<String> field, Optional<Hold> hold, Optional<FailureKind> cloud) {
        super(text, null, false, false);
        this.code = code;
        this.field = field;
        this.hold = hold;
        this.cloud = cloud;
    }

    public enum Code {
        /** 400 */
        INVALID,
        /** 400 */
        NOT_EVICTABLE,
        /** 400 */
        STOPPED,
        /** 404 */
        NOT_FOUND,
        /** 409, with the hold */
        SIZE_HELD,
        /** 409: the pool still has members */
        HAS_MEMBERS,
        /** 412 */
        STALE,
        /** 503 */
        FROZEN,
        /** 502: a new store does not know the size yet */
        SIZE_UNKNOWN,
        /** 502 (500 on 2.0-only paths), 404 or 503, by the kind of the cloud's refusal */
        CLOUD,
        /** 500: the store cannot be written */
        STORE
    }

    public static Refusal of(Code code, String text) {
        return new Refusal(code, text, Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static Refusal field(String field, String text) {
        return new Refusal(Code.INVALID, text, Optional.of(field), Optional.empty(), Optional.empty());
    }

    public static Refusal held(Hold hold) {
        return new Refusal(
                Code.SIZE_HELD,
                "the size is held by " + hold.by() + " until " + hold.until()
                        + hold.reason().map(reason -> ": " + reason).orElse(""),
                Optional.empty(),
                Optional.of(hold),
                Optional.empty());
    }

    public static Refusal cloud(FailureKind kind, String text) {
        return new Refusal(Code.CLOUD, text, Optional.empty(), Optional.empty(), Optional.of(kind));
    }

    public Code code() {
        return code;
    }

    public Optional<String> field() {
        return field;
    }

    public Optional<Hold> hold() {
        return hold;
    }

    public Optional<FailureKind> cloud() {
        return cloud;
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
