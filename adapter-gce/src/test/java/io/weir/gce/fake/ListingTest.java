package io.weir.gce.fake;

import static io.weir.gce.fake.Bench.A;
import static io.weir.gce.fake.Bench.B;
import static io.weir.gce.fake.Bench.C;
import static io.weir.gce.fake.Bench.PROJECT;
import static io.weir.gce.fake.Bench.everywhere;
import static io.weir.gce.fake.Bench.names;
import static io.weir.gce.fake.Bench.reason;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.gax.rpc.ApiException;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstanceAggregatedList;
import com.google.cloud.compute.v1.InstancesClient.ListPage;
import com.google.cloud.compute.v1.ListInstancesRequest;
import io.weir.gce.fake.GceDials.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListingTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private InstanceAggregatedList firstPage() {
        return bench.instances.aggregatedListCallable().call(everywhere().build());
    }

    @Test
    void every_zone_is_a_scope_and_one_without_instances_says_so_in_a_warning() {
        bench.insert("web-1");

        InstanceAggregatedList page = firstPage();
        assertThat(page.getItemsMap()).containsOnlyKeys("zones/" + A, "zones/" + B, "zones/" + C);
        assertThat(page.getItemsOrThrow("zones/" + A).hasWarning()).isFalse();
        assertThat(page.getItemsOrThrow("zones/" + B).getWarning().getCode()).isEqualTo("NO_RESULTS_ON_PAGE");
        assertThat(page.getUnreachablesList()).isEmpty();
    }

    @Test
    void a_zone_that_cannot_be_reached_shows_nothing_and_is_told_in_either_way() {
        bench.insert("web-1");
        bench.insert(Bench.request("web-2", B));
        bench.cloud().turn(turn -> turn.unreachable = Set.of(B));
        assertThat(names(bench.listed())).containsExactly("web-1");
        assertThat(firstPage().getItemsOrThrow("zones/" + B).getWarning().getCode())
                .isEqualTo("UNREACHABLE");
        assertThat(firstPage().getUnreachablesList()).containsExactly("projects/weir-example/zones/" + B);
        bench.cloud().turn(turn -> turn.unreachableTold = Set.of(Told.UNREACHABLES));
        assertThat(firstPage().getItemsMap()).containsOnlyKeys("zones/" + A, "zones/" + C);
        assertThat(firstPage().getUnreachablesList()).hasSize(1);
        assertThat(reason(() -> bench.insert(Bench.request("web-3", B)))).isEqualTo("backendError");
        bench.cloud().set(GceDials.DEFAULT);

        assertThat(names(bench.listed())).containsExactly("web-1", "web-2");
    }

    @Test
    void pages_are_as_long_as_asked_for_and_lose_and_double_nothing() {
        for (int i = 0; i < 7; i++) {
            bench.insert(Bench.request("web-" + i, i % 2 == 0 ? A : B));
        }
        List<Integer> sizes = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (var page : bench.instances
                .aggregatedList(everywhere().setMaxResults(3).build())
                .iteratePages()) {
            List<Instance> there = new ArrayList<>();
            page.getValues().forEach(scope -> there.addAll(scope.getValue().getInstancesList()));
            sizes.add(there.size());
            seen.addAll(names(there));
            // What comes and goes in between shifts nothing.
            bench.insert("aaa-" + sizes.size());
        }
        assertThat(sizes).containsExactly(3, 3, 1);
        assertThat(seen).containsExactly("web-0", "web-2", "web-4", "web-6", "web-1", "web-3", "web-5");
    }

    @Test
    void no_page_is_longer_than_500_and_a_token_that_is_none_is_refused() {
        assertThat(reason(() -> bench.listed(everywhere().setMaxResults(501)))).isEqualTo("invalid");
        assertThat(reason(() -> bench.listed(everywhere().setPageToken("mine"))))
                .isEqualTo("invalid");
    }

    @Test
    void filters_know_fields_labels_and_how_to_join() {
        bench.insert("web-1");
        bench.insert("web-2", one -> one.putLabels("team", "blue"));
        bench.insert("db-1", one -> one.clearLabels().putLabels("team", "red"));
        bench.settle();
        bench.delete("web-1");

        assertThat(filtered("labels.weir-pool = web")).containsExactly("web-1", "web-2");
        assertThat(filtered("labels.weir-pool=\"web\"")).containsExactly("web-1", "web-2");
        assertThat(filtered("labels.weir-pool:*")).containsExactly("web-1", "web-2");
        assertThat(filtered("NOT labels.weir-pool:*")).containsExactly("db-1");
        assertThat(filtered("labels.team != blue")).containsExactly("db-1", "web-1");
        assertThat(filtered("(labels.team = blue) OR (labels.team = red)")).containsExactly("db-1", "web-2");
        assertThat(filtered("(labels.weir-pool = web) (status = RUNNING)")).containsExactly("web-2");
        assertThat(filtered("labels.weir-pool = web AND status = STOPPING")).containsExactly("web-1");
        assertThat(filtered("name eq web-.*")).containsExactly("web-1", "web-2");
        assertThat(filtered("name ne web-.*")).containsExactly("db-1");
        assertThat(filtered("scheduling.automaticRestart = true")).hasSize(3);
        assertThat(reason(() -> filtered("nothing = web"))).isEqualTo("invalid");
        assertThat(reason(() -> filtered("labels.weir-pool ="))).isEqualTo("invalid");
        assertThat(reason(() -> filtered("(name = web"))).isEqualTo("invalid");
    }

    private List<String> filtered(String filter) {
        return names(bench.listed(everywhere().setFilter(filter)));
    }

    @Test
    void listings_and_labels_may_be_behind_and_jump() {
        bench.cloud().turn(turn -> turn.lagSeconds = 60);
        bench.insert("web-1");
        bench.pass(Duration.ofSeconds(30));

        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            seen.add(bench.listed().size());
        }
        assertThat(seen).containsExactlyInAnyOrder(0, 1);
        assertThat(bench.get("web-1").getName()).isEqualTo("web-1");
        bench.pass(Duration.ofSeconds(31));
        assertThat(bench.listed()).hasSize(1);
    }

    @Test
    void one_zone_is_listed_alone() {
        bench.insert("web-1");
        bench.insert(Bench.request("web-2", B));

        List<String> there = new ArrayList<>();
        for (ListPage page : bench.instances
                .list(ListInstancesRequest.newBuilder()
                        .setProject(PROJECT)
                        .setZone(B)
                        .build())
                .iteratePages()) {
            page.getValues().forEach(instance -> there.add(instance.getName()));
        }
        assertThat(there).containsExactly("web-2");
    }

    @Test
    void another_project_is_not_there() {
        ApiException refused = Assertions.catchThrowableOfType(
                ApiException.class, () -> bench.listed(everywhere().setProject("theirs")));

        assertThat(refused.getStatusCode().getCode().name()).isEqualTo("NOT_FOUND");
    }
}
