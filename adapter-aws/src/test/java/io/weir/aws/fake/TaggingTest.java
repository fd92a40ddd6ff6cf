package io.weir.aws.fake;

import static io.weir.aws.fake.Bench.code;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Tag;

class TaggingTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    @Test
    void tags_are_set_one_by_one_and_others_stay() {
        List<String> ids = bench.launch(2, "web");

        bench.ec2.createTags(request -> request.resources(ids).tags(tag("owner", "anna"), tag("weir-pool", "batch")));

        for (String id : ids) {
            assertThat(Bench.map(bench.listed(id).tags())).isEqualTo(Map.of("owner", "anna", "weir-pool", "batch"));
        }
        bench.ec2.deleteTags(request -> request.resources(ids)
                .tags(
                        tag("owner", "somebody else"),
                        Tag.builder().key("weir-pool").build()));
        assertThat(Bench.map(bench.listed(ids.get(0)).tags())).isEqualTo(Map.of("owner", "anna"));
    }

    @Test
    void one_unknown_resource_and_nothing_is_tagged() {
        String id = bench.launch(1, "web").get(0);

        assertThat(code(() -> bench.ec2.createTags(
                        request -> request.resources(id, "i-0123456789abcdef0").tags(tag("a", "b")))))
                .isEqualTo("InvalidInstanceID.NotFound");
        assertThat(code(() -> bench.ec2.createTags(
                        request -> request.resources("nonsense").tags(tag("a", "b")))))
                .isEqualTo("InvalidID");
        assertThat(Bench.map(bench.listed(id).tags())).doesNotContainKey("a");
    }

    @Test
    void a_resource_bears_fifty_tags_and_none_of_amazons() {
        String id = bench.launch(1, "web").get(0);
        List<Tag> many = IntStream.range(0, 49).mapToObj(i -> tag("k" + i, "v")).toList();

        bench.ec2.createTags(request -> request.resources(id).tags(many));

        assertThat(code(() ->
                        bench.ec2.createTags(request -> request.resources(id).tags(tag("k49", "v")))))
                .isEqualTo("TagLimitExceeded");
        assertThat(code(() ->
                        bench.ec2.createTags(request -> request.resources(id).tags(tag("aws:k", "v")))))
                .isEqualTo("InvalidParameterValue");
        assertThat(code(() ->
                        bench.ec2.createTags(request -> request.resources(id).tags(tag("k1", "v".repeat(257))))))
                .isEqualTo("InvalidParameterValue");
        assertThat(bench.listed(id).tags()).hasSize(50);
    }

    @Test
    void text_of_any_kind_is_carried_whole() {
        String awkward = "a \"b\" \\ 'c' ${d} <e> %f & ü 漢 🚀, x=y;";
        String id = bench.launch(1, "web").get(0);

        bench.ec2.createTags(request -> request.resources(id).tags(tag("note", awkward)));

        assertThat(Bench.map(bench.listed(id).tags())).containsEntry("note", awkward);
    }

    @Test
    void tags_of_all_resources_are_listed_and_filtered() {
        String id = bench.launch(1, "web").get(0);
        bench.launch(1, "batch");

        assertThat(bench.ec2
                        .describeTags(request -> request.filters(
                                Filter.builder()
                                        .name("resource-type")
                                        .values("instance")
                                        .build(),
                                Filter.builder().name("value").values("web").build()))
                        .tags())
                .singleElement()
                .satisfies(tag -> {
                    assertThat(tag.resourceId()).isEqualTo(id);
                    assertThat(tag.key()).isEqualTo("weir-pool");
                });
    }

    @Test
    void tagging_what_was_just_launched_may_fail() {
        bench.cloud().turn(turn -> turn.lagSeconds = 60);
        String id = bench.launch(1, "web").get(0);

        List<String> codes = IntStream.range(0, 8)
                .mapToObj(i -> code(() ->
                        bench.ec2.createTags(request -> request.resources(id).tags(tag("a", "b")))))
                .distinct()
                .toList();

        assertThat(codes).contains("InvalidInstanceID.NotFound");
    }
}
