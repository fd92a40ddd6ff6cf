package io.weir.certs;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What the holder of a certificate may do; the word is written in the certificate, in small letters. */
public enum Role {
    VIEWER,
    MONITOR,
    AUTOSCALER,
    OPERATOR,
    ADMIN;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role of exactly this word: no other case, no blanks. */
    public static Optional<Role> of(String word) {
        return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
    }
}
