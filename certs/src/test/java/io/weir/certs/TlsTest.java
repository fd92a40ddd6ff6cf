package io.weir.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real sockets; the JDK's own ban of TLS 1.0 and 1.1 is lifted in this module's tests. */
class TlsTest {
    private static final Instant NOW = Instant.now();
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);

    @TempDir
    Path home;

    private final ExecutorService servers = Executors.newCachedThreadPool();
    private FleetCa fleet;
    private FleetCa stranger;

    @BeforeEach
    void authorities() {
        fleet = FleetCa.create(home.resolve("fleet"), "Fleet CA", FleetCa.LIFE, CLOCK);
        stranger = FleetCa.create(home.resolve("stranger"), "Fleet CA", FleetCa.LIFE, CLOCK);
    }

    @AfterEach
    void end() {
        servers.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void both_ends_show_their_certificates_and_talk(String protocol) throws Exception {
        try (Listening server = listen(settings(fleet.issueServer("localhost"), fleet), Tls.server())) {
            SSLParameters parameters = Tls.client();
            parameters.setProtocols(new String[] {protocol});

            assertThat(server.call(settings(fleet.issueClient(Role.OPERATOR, "anna"), fleet), parameters))
                    .isEqualTo(protocol + " weir://operator/anna");
        }
    }

    @Test
    void a_client_of_another_authority_of_the_same_name_is_refused() throws Exception {
        try (Listening server = listen(settings(fleet.issueServer("localhost"), fleet), Tls.server())) {
            TlsSettings foreign = settings(stranger.issueClient(Role.ADMIN, "eve"), fleet);

            assertThatThrownBy(() -> server.call(foreign, Tls.client())).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_client_without_a_certificate_is_refused() throws Exception {
        try (Listening server = listen(settings(fleet.issueServer("localhost"), fleet), Tls.server())) {
            SSLContext bare = SSLContext.getInstance("TLS");
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(Pem.trustStore(home.resolve("fleet/ca.pem")));
            bare.init(null, trust.getTrustManagers(), null);

            assertThatThrownBy(() -> server.call(bare, Tls.client(), "localhost"))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_servers_certificate_is_no_clients_certificate() throws Exception {
        try (Listening server = listen(settings(fleet.issueServer("localhost"), fleet), Tls.server())) {
            TlsSettings misused = settings(fleet.issueServer("localhost"), fleet);

            assertThatThrownBy(() -> server.call(misused, Tls.client())).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_clients_certificate_is_no_servers_certificate() throws Exception {
        try (Listening server = listen(settings(fleet.issueClient(Role.ADMIN, "localhost"), fleet), Tls.server())) {
            assertRefused(server, "localhost", "Extended key usage");
        }
    }

    @Test
    void a_server_of_another_authority_of_the_same_name_is_refused() throws Exception {
        try (Listening server = listen(settings(stranger.issueServer("localhost"), fleet), Tls.server())) {
            assertRefused(server, "localhost", "PKIX path validation failed");
        }
    }

    @Test
    void a_server_that_answers_to_another_name_is_refused() throws Exception {
        try (Listening server = listen(settings(fleet.issueServer("adapter.example.com"), fleet), Tls.server())) {
            assertRefused(server, "localhost", "name matching localhost");
            assertRefused(server, "127.0.0.1", "No subject alternative names matching IP address");
        }
    }

    @Test
    void a_server_is_called_by_its_address_too() throws Exception {
        try (Listening server = listen(settings(fleet.issueServer("127.0.0.1"), fleet), Tls.server())) {
            SSLContext client = Tls.context(settings(fleet.issueClient(Role.VIEWER, "v"), fleet), CLOCK);

            assertThat(server.call(client, Tls.client(), "127.0.0.1")).endsWith("weir://viewer/v");
        }
    }

    @Test
    void old_tls_is_refused_by_a_server_although_this_jdk_would_speak_it() throws Exception {
        SSLParameters old = Tls.client();
        old.setProtocols(new String[] {"TLSv1.1"});
        TlsSettings client = settings(fleet.issueClient(Role.VIEWER, "old"), fleet);
        SSLParameters open = Tls.server();
        open.setProtocols(new String[] {"TLSv1.1", "TLSv1.2", "TLSv1.3"});

        try (Listening lax = listen(settings(fleet.issueServer("localhost"), fleet), open)) {
            assertThat(lax.call(client, old)).startsWith("TLSv1.1 ");
        }
        try (Listening ours = listen(settings(fleet.issueServer("localhost"), fleet), Tls.server())) {
            assertThatThrownBy(() -> ours.call(client, old)).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void old_tls_is_refused_by_a_client_although_this_jdk_would_speak_it() throws Exception {
        SSLParameters old = Tls.server();
        old.setProtocols(new String[] {"TLSv1.1"});
        try (Listening server = listen(settings(fleet.issueServer("localhost"), fleet), old)) {
            TlsSettings client = settings(fleet.issueClient(Role.VIEWER, "v"), fleet);

            assertThatThrownBy(() -> server.call(client, Tls.client())).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void a_server_certificate_made_elsewhere_is_believed_when_it_is_itself_the_anchor() throws Exception {
        Issued elsewhere = stranger.issueServer("localhost");
        Path anchor = write("anchor.pem", elsewhere.certificatePem());
        Issued client = fleet.issueClient(Role.OPERATOR, "anna");
        try (Listening server = listen(settings(elsewhere, fleet), Tls.server())) {
            TlsSettings trusting =
                    new TlsSettings(write("c.pem", client.certificatePem()), write("c.key", client.keyPem()), anchor);

            assertThat(server.call(trusting, Tls.client())).endsWith("weir://operator/anna");
        }
    }

    @Test
    void a_self_signed_server_certificate_is_believed_when_it_is_the_anchor_and_its_name_is_checked_still()
            throws Exception {
        Issued own = selfSigned("localhost");
        Path anchor = write("own.pem", own.certificatePem());
        Issued client = fleet.issueClient(Role.OPERATOR, "anna");
        TlsSettings trusting =
                new TlsSettings(write("c.pem", client.certificatePem()), write("c.key", client.keyPem()), anchor);
        try (Listening server = listen(settings(own, fleet), Tls.server())) {
            assertThat(server.call(trusting, Tls.client())).endsWith("weir://operator/anna");
            SSLContext context = Tls.context(trusting, CLOCK);
            assertThatThrownBy(() -> server.call(context, Tls.client(), "127.0.0.1"))
                    .isInstanceOf(SSLException.class)
                    .hasStackTraceContaining("matching IP address");
        }
    }

    @Test
    void an_anchor_that_has_ended_is_not_believed_any_more() throws Exception {
        Issued elsewhere = stranger.issueServer("localhost");
        Path anchor = write("anchor.pem", elsewhere.certificatePem());
        Issued client = fleet.issueClient(Role.OPERATOR, "anna");
        TlsSettings trusting =
                new TlsSettings(write("c.pem", client.certificatePem()), write("c.key", client.keyPem()), anchor);
        InstantSource later = InstantSource.fixed(NOW.plus(Duration.ofDays(8)));
        try (Listening server = listen(settings(elsewhere, fleet), Tls.server())) {
            SSLContext context = Tls.context(trusting, later);

            assertThatThrownBy(() -> server.call(context, Tls.client(), "localhost"))
                    .isInstanceOf(SSLException.class)
                    .hasStackTraceContaining("NotAfter");
        }
    }

    @Test
    void the_jdks_https_server_and_http_client_work_with_it() throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        SSLContext context = Tls.context(settings(fleet.issueServer("localhost"), fleet), CLOCK);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                parameters.setSSLParameters(Tls.server());
            }
        });
        server.createContext("/", exchange -> {
            X509Certificate peer =
                    (X509Certificate) ((HttpsExchange) exchange).getSSLSession().getPeerCertificates()[0];
            byte[] answer = Identity.of(peer).orElseThrow().uri().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(Tls.context(settings(fleet.issueClient(Role.MONITOR, "m"), fleet), CLOCK))
                .sslParameters(Tls.client())
                .build()) {
            URI uri = URI.create("https://localhost:" + server.getAddress().getPort() + "/");

            assertThat(client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                            .body())
                    .isEqualTo("weir://monitor/m");
        } finally {
            server.stop(0);
        }
    }

    private void assertRefused(Listening server, String host, String words) {
        SSLContext client = Tls.context(settings(fleet.issueClient(Role.VIEWER, "v"), fleet), CLOCK);
        assertThatThrownBy(() -> server.call(client, Tls.client(), host))
                .isInstanceOf(SSLException.class)
                .hasStackTraceContaining(words);
    }

    private static Issued selfSigned(String host) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        X500Name name = new X500Name("CN=" + host);
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.TEN,
                        Date.from(NOW.minusSeconds(60)),
                        Date.from(NOW.plusSeconds(3600)),
                        name,
                        pair.getPublic())
                .addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.dNSName, host)));
        X509Certificate certificate = new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate())));
        return new Issued(certificate, pair.getPrivate(), certificate);
    }

    private TlsSettings settings(Issued issued, FleetCa trusted) {
        String owner = issued.certificate().getSerialNumber().toString(16);
        return new TlsSettings(
                write(owner + ".pem", issued.certificatePem()),
                write(owner + ".key", issued.keyPem()),
                write(owner + "-trust.pem", Pem.text(trusted.certificate())));
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(home.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Listening listen(TlsSettings settings, SSLParameters parameters) throws IOException {
        SSLServerSocket socket = (SSLServerSocket) Tls.context(settings, CLOCK)
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
        socket.setSSLParameters(parameters);
        Listening listening = new Listening(socket);
        servers.execute(listening::answer);
        return listening;
    }

    /** A server that answers each connection with the protocol spoken and who the client is, in one line. */
    private record Listening(SSLServerSocket socket) implements AutoCloseable {
        void answer() {
            while (!socket.isClosed()) {
                try (SSLSocket client = (SSLSocket) socket.accept()) {
                    X509Certificate peer = (X509Certificate) client.getSession().getPeerCertificates()[0];
                    String line = client.getSession().getProtocol() + " "
                            + Identity.of(peer).map(Identity::uri).orElse("nobody");
                    client.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
                } catch (IOException refused) {
                    // The client sees it, and the test looks at the client.
                }
            }
        }

        String call(TlsSettings settings, SSLParameters parameters) throws IOException {
            return call(Tls.context(settings, CLOCK), parameters, "localhost");
        }

        String call(SSLContext context, SSLParameters parameters, String host) throws IOException {
            try (SSLSocket client = (SSLSocket) context.getSocketFactory().createSocket(host, socket.getLocalPort())) {
                client.setSoTimeout(10_000);
                client.setSSLParameters(parameters);
                client.startHandshake();
                String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (answer.isEmpty()) {
                    throw new SSLException("closed without an answer");
                }
                return answer;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
