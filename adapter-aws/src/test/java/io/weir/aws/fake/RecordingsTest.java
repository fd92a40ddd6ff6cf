package io.weir.aws.fake;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.MarketType;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;

/**
 * Answers that EC2 gave others, read by the same SDK as the fake's. What the SDK finds in a recording it finds in the fake's answer in the
 * same situation; where it does not, and where a recording holds what EC2's model has no more, that is written here with its reason.
 */
class RecordingsTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void a_launch_is_answered_as_recorded() {
        SdkPojo answer = bench.run(request -> request.keyName("ops")
                .clientToken("testclienttoken")
                .securityGroupIds(ExampleRegion.GROUP)
                .placement(placement -> placement.groupName("cluster")));

        // EC2-Classic named the groups of a reservation; in a VPC they are the instances'.
        assertThat(lacking(
                        answer,
                        "jclouds_run_instances_1",
                        ec2 -> ec2.runInstances(Bench.request().build())))
                .containsExactly("Groups.GroupId", "Groups.GroupName");
        assertThat(lacking(
                        answer,
                        "libcloud_run_instances_idem",
                        ec2 -> ec2.runInstances(Bench.request().build())))
                .containsExactly("Groups.GroupId");
        assertThat(noMore("RunInstances", "jclouds_run_instances_1")).isEmpty();
        // The version of 2007 said so; the recording's later ones say monitoring.state.
        assertThat(noMore("RunInstances", "libcloud_run_instances_idem"))
                .containsExactly("instancesSet.item.monitoring.enabled");
    }

    @Test
    void a_spot_launch_is_answered_as_recorded() {
        SdkPojo answer = bench.run(
                request -> request.keyName("ops").instanceMarketOptions(market -> market.marketType(MarketType.SPOT)));

        assertThat(lacking(
                        answer,
                        "libcloud_run_instances_spot",
                        ec2 -> ec2.runInstances(Bench.request().build())))
                .containsExactly("Groups.GroupId");
        assertThat(noMore("RunInstances", "libcloud_run_instances_spot"))
                .containsExactly("instancesSet.item.monitoring.enabled");
    }

    @Test
    void running_and_pending_instances_are_listed_as_recorded() {
        bench.ec2.runInstances(Bench.request()
                .subnetId(null)
                .keyName("ops")
                .iamInstanceProfile(profile -> profile.name("web"))
                .networkInterfaces(nic ->
                        nic.deviceIndex(0).subnetId(ExampleRegion.SUBNET_A).associatePublicIpAddress(true))
                .tagSpecifications(Bench.tags(ResourceType.INSTANCE, Map.of("Name", "ec2-o")))
                .build());
        bench.pass(java.time.Duration.ofSeconds(5));
        SdkPojo pending = bench.ec2.describeInstances();
        bench.settle();
        SdkPojo running = bench.ec2.describeInstances();

        // A kernel of its own is for paravirtual images, and groups of a reservation for EC2-Classic.
        assertThat(lacking(running, "jclouds_describe_instances_latest", Ec2Client::describeInstances))
                .containsExactly(
                        "Reservations.Groups.GroupId",
                        "Reservations.Groups.GroupName",
                        "Reservations.Instances.KernelId");
        assertThat(lacking(pending, "jclouds_describe_instances_pending", Ec2Client::describeInstances))
                .containsExactly(
                        "Reservations.Groups.GroupId",
                        "Reservations.Groups.GroupName",
                        "Reservations.Instances.KernelId");
        assertThat(noMore("DescribeInstances", "jclouds_describe_instances_latest"))
                .isEmpty();
        assertThat(noMore("DescribeInstances", "jclouds_describe_instances_pending"))
                .isEmpty();
    }

    @Test
    void stopped_instances_are_listed_as_recorded() {
        String id = bench.ec2
                .runInstances(Bench.request()
                        .keyName("ops")
                        .clientToken("ifmxj1365530456668")
                        .tagSpecifications(Bench.tags(ResourceType.INSTANCE, Map.of("Name", "Test Server 2")))
                        .build())
                .instances()
                .get(0)
                .instanceId();
        bench.settle();
        bench.cloud().stop(id, true);
        bench.settle();

        // Its public address is an elastic one, which the fake does not have.
        assertThat(lacking(bench.ec2.describeInstances(), "libcloud_describe_instances", Ec2Client::describeInstances))
                .containsExactly("Reservations.Instances.KernelId", "Reservations.Instances.PublicIpAddress");
        assertThat(noMore("DescribeInstances", "libcloud_describe_instances")).isEmpty();
    }

    @Test
    void an_end_is_answered_as_recorded() {
        String id = bench.launch(1, "web").get(0);
        bench.settle();
        SdkPojo answer = bench.ec2.terminateInstances(request -> request.instanceIds(id));

        assertThat(lacking(
                        answer,
                        "libcloud_terminate_instances",
                        ec2 -> ec2.terminateInstances(request -> request.instanceIds(id))))
                .isEmpty();
        // What is now currentState was shutdownState before 2010.
        assertThat(noMore("TerminateInstances", "libcloud_terminate_instances"))
                .containsExactly("instancesSet.item.shutdownState.code", "instancesSet.item.shutdownState.name");
    }

    @Test
    void tags_are_answered_as_recorded() throws Exception {
        String id = bench.launch(1, "web").get(0);
        Query query =
                Query.parse("Action=CreateTags&Version=2016-11-15&ResourceId.1=" + id + "&Tag.1.Key=a&Tag.1.Value=b");

        assertThat(bench.cloud().call(query, ANYBODY).paths()).isEqualTo(paths("libcloud_create_tags"));
        bench.ec2.createTags(request ->
                request.resources(id).tags(Tag.builder().key("a").value("b").build()));
    }

    @Test
    void spot_requests_are_listed_as_recorded() {
        bench.run(request -> request.keyName("ops")
                .monitoring(monitoring -> monitoring.enabled(true))
                .instanceMarketOptions(
                        market -> market.marketType(MarketType.SPOT).spotOptions(options -> options.maxPrice("0.04"))));

        // Launch groups, zone groups, an end of their validity and persistence are for RequestSpotInstances, which the
        // fake does not speak;
        // there are no faults of requests that were never open.
        assertThat(lacking(
                        bench.ec2.describeSpotInstanceRequests(),
                        "jclouds_describe_spot_instance_requests",
                        Ec2Client::describeSpotInstanceRequests))
                .containsExactlyInAnyOrder(
                        "SpotInstanceRequests.AvailabilityZoneGroup",
                        "SpotInstanceRequests.LaunchGroup",
                        "SpotInstanceRequests.ValidUntil");
        assertThat(noMore("DescribeSpotInstanceRequests", "jclouds_describe_spot_instance_requests"))
                .isEmpty();
    }

    @Test
    void a_trial_and_a_token_with_other_parameters_are_refused_as_recorded() throws Exception {
        bench.run(request -> request.clientToken("t"));
        AwsServiceException trial = Bench.refused(() -> bench.run(request -> request.dryRun(true)));
        AwsServiceException mismatch = Bench.refused(
                () -> bench.run(request -> request.clientToken("t").maxCount(2)));

        assertSame(trial, "jclouds_dry_run");
        assertSame(mismatch, "libcloud_run_instances_idem_mismatch");
    }

    private static void assertSame(AwsServiceException ours, String recording) throws IOException {
        AwsServiceException recorded = replay(
                recording,
                400,
                ec2 -> Bench.refused(() -> ec2.runInstances(Bench.request().build())));
        assertThat(ours.awsErrorDetails().errorCode())
                .isEqualTo(recorded.awsErrorDetails().errorCode());
        assertThat(ours.awsErrorDetails().errorMessage())
                .isEqualTo(recorded.awsErrorDetails().errorMessage().strip());
    }

    private static final Ec2Cloud.Caller ANYBODY = new Ec2Cloud.Caller() {
        @Override
        public void authenticate() {}

        @Override
        public void allow(Action.Need need) {}
    };

    /** What the SDK finds in the recording and not in the fake's answer. */
    private static Set<String> lacking(SdkPojo ours, String recording, Function<Ec2Client, SdkPojo> call) {
        Set<String> found = replay(recording, 200, ec2 -> fields(call.apply(ec2)));
        assertThat(found).as("the SDK reads the recording").isNotEmpty();
        Set<String> lacking = new TreeSet<>(found);
        lacking.removeAll(fields(ours));
        return lacking;
    }

    /** What the recording holds and EC2's model of today does not. */
    private static Set<String> noMore(String operation, String recording) {
        Set<String> unknown = new TreeSet<>(paths(recording));
        unknown.remove("requestId");
        unknown.removeIf(path -> Model.EC2.hasElement(operation, path));
        return unknown;
    }

    private static <T> T replay(String recording, int status, Function<Ec2Client, T> call) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                byte[] body = bytes(recording);
                exchange.getRequestBody().readAllBytes();
                exchange.getResponseHeaders().set("x-amzn-RequestId", "recorded");
                exchange.sendResponseHeaders(status, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
            try (Ec2Client ec2 = Bench.client(Ec2Client.builder(), url, Bench.WEIR)) {
                return call.apply(ec2);
            } finally {
                server.stop(0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names of all that is there, by the SDK's own account; nothing in an empty text, as an element without anything in it reads. */
    private static Set<String> fields(SdkPojo pojo) {
        Set<String> names = new TreeSet<>();
        for (SdkField<?> field : pojo.sdkFields()) {
            Object value = field.getValueOrDefault(pojo);
            List<?> values = value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
            if (value instanceof SdkAutoConstructList) {
                continue;
            }
            for (Object one : values) {
                if (one instanceof SdkPojo below) {
                    fields(below).forEach(name -> names.add(field.memberName() + "." + name));
                } else if (!one.toString().isEmpty()) {
                    names.add(field.memberName());
                }
            }
        }
        return names;
    }

    private static byte[] bytes(String recording) {
        try (InputStream in = Objects.requireNonNull(
                RecordingsTest.class.getResourceAsStream("/recordings/" + recording + ".xml"), recording)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> paths(String recording) {
        try {
            Node root = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new java.io.ByteArrayInputStream(bytes(recording)))
                    .getDocumentElement();
            Set<String> paths = new TreeSet<>();
            collect(root, "", paths);
            return paths;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SAXException | ParserConfigurationException e) {
            throw new IllegalStateException(recording, e);
        }
    }

    private static void collect(Node node, String path, Set<String> paths) {
        boolean isLeaf = true;
        for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child.getNodeType() == Node.ELEMENT_NODE) {
                isLeaf = false;
                collect(child, path.isEmpty() ? child.getNodeName() : path + "." + child.getNodeName(), paths);
            }
        }
        if (isLeaf) {
            paths.add(path);
        }
    }
}
