package io.weir.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolEdit;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.PoolStates;
import io.weir.pool.StoreId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class PoolLogTest {
    private static final PoolName WEB = new PoolName("web");
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final PoolState pool = PoolStates.fresh(WEB, new StoreId("qu7e2k2f"), PoolDocument.of(0, 100, 0), NOON);
    private final PoolEdit edit = new PoolEdit(pool, NOON);
    private final Logger log = (Logger) LoggerFactory.getLogger(PoolLog.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.setLevel(Level.INFO);
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void leave() {
        log.detachAppender(lines);
    }

    private List<String> told() {
        PoolLog.told(pool, edit.events());
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void what_is_decided_of_several_machines_for_one_reason_is_one_line_with_all_of_them() {
        edit.tell("machine.end-decided", "i-1: the pool is over its wish", "i-1");
        edit.tell("machine.end-decided", "i-2: the pool is over its wish", "i-2");
        edit.tell("machine.end-decided", "i-3: it is disposable", "i-3");
        edit.tell("machine.end-decided", "i-4: the pool is over its wish", "i-4");

        assertThat(told())
                .containsExactly(
                        "web machine.end-decided: i-1: the pool is over its wish; and 2 more: i-2, i-4",
                        "web machine.end-decided: i-3: it is disposable");
    }

    @Test
    void names_that_are_ours_make_no_other_line() {
        edit.tell("machine.launched", "web-qu7e2k2f-1-0 is i-1 in zone-a", "i-1");
        edit.tell("machine.launched", "web-qu7e2k2f-1-1 is i-2 in zone-a", "i-2");
        edit.tell("machine.launched", "web-qu7e2k2f-2-0 is i-3 in zone-b", "i-3");

        assertThat(told())
                .containsExactly(
                        "web machine.launched: web-qu7e2k2f-1-0 is i-1 in zone-a; and 1 more: i-2",
                        "web machine.launched: web-qu7e2k2f-2-0 is i-3 in zone-b");
    }

    @Test
    void many_machines_make_no_endless_line_but_are_all_in_its_fields() {
        for (int i = 1; i <= 100; i++) {
            edit.tell("machine.running", "i-" + i + " runs", "i-" + i);
        }

        assertThat(told())
                .singleElement()
                .asString()
                .contains("; and 99 more: i-2, i-3, ")
                .endsWith("i-21, …");
        assertThat(lines.list.getFirst().getKeyValuePairs())
                .anySatisfy(field -> {
                    assertThat(field.key).isEqualTo("machines");
                    assertThat(field.value)
                            .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                            .hasSize(100);
                })
                .anySatisfy(field -> assertThat(field.key + "=" + field.value).isEqualTo("pool=web"));
    }

    @Test
    void what_somebody_should_look_at_is_a_warning_and_who_did_it_is_named() {
        edit.tell("breaker.opened", "5 launches in a row were no use");
        edit.tell("size.set", "1 → 2", java.util.Optional.empty(), new io.weir.pool.Author("operator", "anna"));

        assertThat(told()).last().isEqualTo("web size.set: 1 → 2 (by operator/anna)");
        assertThat(lines.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.WARN, Level.INFO);
    }

    @Test
    void a_pace_that_holds_back_is_told_once_and_when_it_lets_go() {
        Map<String, String> closed = Map.of("pace-wish", "as many ends as the pace allows", "breaker", "open");
        PoolLog.paces(WEB, Map.of(), closed);
        PoolLog.paces(WEB, closed, closed);
        PoolLog.paces(WEB, closed, Map.of("breaker", "open"));

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "web pace-wish holds back: as many ends as the pace allows",
                        "web pace-wish holds nothing back any more");
    }
}
