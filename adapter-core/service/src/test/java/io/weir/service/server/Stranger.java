package io.weir.service.server;

import io.weir.certs.TlsSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/** A certificate made elsewhere, self-signed and without a fleet identity; the fleet may trust it all the same. */
public record Stranger(Path certificate, Path key) {
    private static final char[] PASSWORD = "password".toCharArray();

    static Stranger in(Path home) {
        return in(home, "uri:https://example.org/stranger");
    }

    /** @param san its alternative names, as keytool takes them */
    public static Stranger in(Path home, String san) {
        try {
            Files.deleteIfExists(home.resolve("stranger.p12"));
            Path store = home.resolve("stranger.p12");
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=stranger,O=Example",
                            "-ext",
                            "san=" + san,
                            "-alias",
                            "stranger",
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            store.toString(),
                            "-storepass",
                            new String(PASSWORD))
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("keytool.log").toFile())
                    .start();
            if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IllegalStateException(Files.readString(home.resolve("keytool.log")));
            }
            return unpack(store, home);
        } catch (IOException | InterruptedException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stranger unpack(Path store, Path home) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        byte[] certificate = keys.getCertificate("stranger").getEncoded();
        byte[] key = keys.getKey("stranger", PASSWORD).getEncoded();
        return new Stranger(
                Files.writeString(home.resolve("stranger.pem"), pem("CERTIFICATE", certificate)),
                Files.writeString(home.resolve("stranger.key"), pem("PRIVATE KEY", key)));
    }

    private static String pem(String type, byte[] bytes) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + type + "-----\n";
    }

    /** A trust file of the fleet's authority and the stranger's own certificate. */
    Path trustedBeside(Path authority, Path home) {
        try {
            return Files.writeString(
                    home.resolve("trust.pem"), Files.readString(authority) + Files.readString(certificate));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    TlsSettings calling(Path authority) {
        return new TlsSettings(certificate, key, authority);
    }
}
