package io.weir.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScaledClockTest {
    private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

    @TempDir
    Path home;

    private Instant wall = START;
    private final AtomicLong nanos = new AtomicLong();

    @Test
    void a_real_second_is_a_minute_at_scale_60() {
        ScaledClock clock = clock(60);
        pass(Duration.ofSeconds(1));
        assertThat(clock.instant()).isEqualTo(START.plusSeconds(60));
        assertThat(clock.real(Duration.ofMinutes(1))).isEqualTo(Duration.ofSeconds(1));
        assertThat(clock.scaled(Duration.ofSeconds(1))).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void the_real_clock_shows_the_real_time() {
        ScaledClock clock = ScaledClock.real();
        assertThat(clock.scale()).isEqualTo(1);
        assertThat(clock.instant())
                .isBetween(Instant.now().minusSeconds(5), Instant.now().plusSeconds(5));
        assertThat(clock.real(Duration.ofMinutes(1))).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void a_restart_goes_on_where_the_time_stood() {
        ScaledClock first = clock(60);
        pass(Duration.ofSeconds(30));
        ScaledClock second = clock(60);
        assertThat(second.instant()).isEqualTo(first.instant());
        pass(Duration.ofSeconds(30));
        assertThat(second.instant()).isEqualTo(START.plus(Duration.ofHours(1)));
    }

    @Test
    void the_file_says_what_every_process_needs() throws IOException {
        clock(60);
        assertThat(home.resolve("time.json"))
                .hasContent("{\"origin\":\"2026-11-24T10:00:00.000Z\",\"timeScale\":60.0}");
        try (Stream<Path> files = Files.list(home)) {
            assertThat(files).as("no draft is left").hasSize(1);
        }
    }

    @Test
    void of_many_processes_one_writes_and_all_agree() throws Exception {
        Callable<Instant> open = () -> {
            ScaledClock.of(home, 60);
            return Instant.parse(Files.readString(home.resolve("time.json")).substring(11, 35));
        };
        try (var threads = Executors.newFixedThreadPool(16)) {
            List<Instant> origins = threads.invokeAll(java.util.Collections.nCopies(64, open)).stream()
                    .map(future -> future.resultNow())
                    .distinct()
                    .toList();
            assertThat(origins).hasSize(1);
        }
    }

    @Test
    void a_home_keeps_its_scale() {
        clock(60);
        assertThatThrownBy(() -> clock(30))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--time-scale 30")
                .hasMessageContaining("runs at time scale 60");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, -1, 300.5, 1e9, Double.NaN, Double.POSITIVE_INFINITY})
    void a_scale_outside_1_to_300_is_refused(double scale) {
        assertThatThrownBy(() -> clock(scale)).hasMessageContaining("--time-scale must be from 1 to 300");
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void the_machines_clock_may_be_set_and_ours_does_not_leap() {
        ScaledClock clock = clock(1);
        wall = wall.plus(Duration.ofDays(1));
        assertThat(clock.instant()).isEqualTo(START);
        assertThat(clock.skew()).isEqualTo(Duration.ofDays(1));
        wall = START.minusSeconds(60);
        assertThat(clock.instant()).isEqualTo(START);
    }

    @Test
    void years_at_full_speed_do_not_overflow() {
        ScaledClock clock = clock(300);
        pass(Duration.ofDays(3 * 365));
        assertThat(clock.instant()).isEqualTo(START.plus(Duration.ofDays(3L * 365 * 300)));
    }

    @Test
    void a_damaged_file_is_told_and_left() throws IOException {
        Files.writeString(home.resolve("time.json"), "{\"origin\":");
        assertThatThrownBy(() -> clock(60)).hasMessageContaining("time.json").hasMessageContaining("damaged");
        assertThat(home.resolve("time.json")).hasContent("{\"origin\":");
    }

    @Test
    void a_beat_comes_again_after_a_failure_and_at_the_scaled_pace() {
        var beats = new AtomicInteger();
        try (var timer = Executors.newSingleThreadScheduledExecutor()) {
            var pacer = new Pacer(timer, ScaledClock.of(home, 300));
            var beat = pacer.every(Duration.ofSeconds(3), () -> {
                if (beats.incrementAndGet() == 1) {
                    throw new IllegalStateException("the first one fails");
                }
            });
            Awaitility.await().atMost(5, TimeUnit.SECONDS).until(() -> beats.get() >= 4);
            beat.cancel(false);
            var done = new AtomicBoolean();
            pacer.after(Duration.ofMinutes(1), () -> done.set(true));
            Awaitility.await().atMost(5, TimeUnit.SECONDS).untilTrue(done);
        }
    }

    private ScaledClock clock(double scale) {
        return ScaledClock.of(home, scale, () -> wall, nanos::get);
    }

    private void pass(Duration real) {
        wall = wall.plus(real);
        nanos.addAndGet(real.toNanos());
    }
}
