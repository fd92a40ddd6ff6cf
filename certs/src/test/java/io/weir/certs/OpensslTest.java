package io.weir.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What openssl makes we read, and what we make openssl reads. Skipped where there is no openssl. */
class OpensslTest {
    @TempDir
    Path home;

    @BeforeAll
    static void installed() {
        boolean there;
        try {
            there = new ProcessBuilder("openssl", "version").start().waitFor() == 0;
        } catch (IOException absent) {
            there = false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assumeTrue(there, "skipped: no openssl on this machine");
    }

    @Test
    void a_chain_of_ours_is_verified_for_its_purpose_and_for_no_other() throws Exception {
        FleetCa ca = FleetCa.create(home, "Fleet CA", FleetCa.LIFE, InstantSource.system());
        Path server = write("server.pem", ca.issueServer("localhost").certificatePem());
        Path client = write("client.pem", ca.issueClient(Role.ADMIN, "eva").certificatePem());

        assertThat(verify("sslserver", server)).contains("OK");
        assertThat(verify("sslclient", client)).contains("OK");
        assertThat(verify("sslclient", server)).contains("failed");
        assertThat(verify("sslserver", client)).contains("failed");
    }

    @Test
    void a_browser_file_of_ours_opens() throws Exception {
        FleetCa ca = FleetCa.create(home, "Fleet CA", FleetCa.LIFE, InstantSource.system());
        Path file = home.resolve("eva.p12");
        Files.write(file, ca.issueClient(Role.ADMIN, "eva").pkcs12("secret".toCharArray()));

        String shown = openssl("pkcs12", "-in", file.toString(), "-passin", "pass:secret", "-nodes");

        assertThat(shown).contains("CN = eva").contains("CN = Fleet CA").contains("BEGIN PRIVATE KEY");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256",
                "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048",
                "genpkey -algorithm ED25519",
                "ecparam -name prime256v1 -genkey",
                "ecparam -name secp384r1 -genkey",
                "genrsa -traditional 2048"
            })
    void a_self_signed_certificate_with_any_usual_key_is_read_and_belongs_to_its_key(String command) throws Exception {
        Path key = home.resolve("its.key");
        Path certificate = home.resolve("its.pem");
        openssl(command.replaceFirst(" ", " -out " + key + " ").split(" "));
        openssl(("req -x509 -new -key " + key + " -out " + certificate + " -days 1 -subj /CN=x"
                        + " -addext subjectAltName=DNS:localhost")
                .split(" "));

        X509Certificate found = Pem.certificates(certificate).getFirst();

        assertThat(Pem.belong(found.getPublicKey(), Pem.key(key))).isTrue();
        assertThat(Pem.keyStore(certificate, key).getCertificateChain("key")).hasSize(1);
    }

    private String verify(String purpose, Path certificate) throws Exception {
        return openssl(
                "verify", "-CAfile", home.resolve("ca.pem").toString(), "-purpose", purpose, certificate.toString());
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(home.resolve(name), text);
    }

    private static String openssl(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
