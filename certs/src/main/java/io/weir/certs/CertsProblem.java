package io.weir.certs;

/** Something about a key or a certificate that a person has to put right; the message says what, where and how. */
public final class CertsProblem extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CertsProblem(String message) {
        super(message);
    }

    public CertsProblem(String message, Throwable cause) {
        super(message, cause);
    }
}
