package io.weir.certs;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Mutual TLS out of PEM files.
 *
 * <ol>
 *   <li>TLS 1.3 and 1.2, nothing older; the cipher suites are the JDK's.
 *   <li>A server asks for a certificate of every client and ends the handshake without one it trusts.
 *   <li>A client checks that the server's certificate is trusted <em>and</em> names the host that was called.
 *   <li>A certificate that is itself an anchor is believed as it stands, but not before it begins or after it ends.
 * </ol>
 */
public final class Tls {
    public static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private static final char[] NO_PASSWORD = {};

    private Tls() {}

    /** For either end; what it must insist on is in {@link #server()} or {@link #client()}. */
    public static SSLContext context(TlsSettings settings, InstantSource clock) {
        return context(Pem.keyStore(settings.certificate(), settings.key()), Pem.trustStore(settings.trust()), clock);
    }

    public static SSLContext context(KeyStore ours, KeyStore trusted, InstantSource clock) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(ours, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), new TrustManager[] {new DatedTrust(trust(trusted), clock)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new CertsProblem("the keys and certificates cannot be used for TLS: " + e.getMessage(), e);
        }
    }

    public static SSLParameters server() {
        SSLParameters parameters = parameters();
        parameters.setNeedClientAuth(true);
        return parameters;
    }

    public static SSLParameters client() {
        SSLParameters parameters = parameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        return parameters;
    }

    private static SSLParameters parameters() {
        SSLParameters parameters = new SSLParameters();
        parameters.setProtocols(PROTOCOLS.toArray(String[]::new));
        return parameters;
    }

    private static X509ExtendedTrustManager trust(KeyStore trusted) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(trusted);
        for (TrustManager candidate : factory.getTrustManagers()) {
            if (candidate instanceof X509ExtendedTrustManager found) {
                return found;
            }
        }
        throw new IllegalStateException("the JDK's PKIX trust is an X509ExtendedTrustManager");
    }
}
