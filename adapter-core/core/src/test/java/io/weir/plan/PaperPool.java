package io.weir.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.pool.Author;
import io.weir.pool.Batch;
import io.weir.pool.Choice;
import io.weir.pool.CloudMachine;
import io.weir.pool.Desired;
import io.weir.pool.FailureKind;
import io.weir.pool.Gate;
import io.weir.pool.LateRefusal;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.MachineState;
import io.weir.pool.Market;
import io.weir.pool.Marks;
import io.weir.pool.Member;
import io.weir.pool.Observation;
import io.weir.pool.Outcome;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolEdit;
import io.weir.pool.PoolEvent;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.PoolStates;
import io.weir.pool.Scope;
import io.weir.pool.StoreId;
import io.weir.pool.Template;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** A pool in a test's hands: the pure rules, a clock that is set by hand, and the rows that the next listing shows. */
final class PaperPool {
    static final StoreId STORE = new StoreId("store00a");
    static final PoolName NAME = new PoolName("web");
    static final Duration LAG = Duration.ofSeconds(10);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    Instant now = START;
    PoolState state;
    Limits limits = new Limits(LAG, LAG, Optional.of(Duration.ofHours(24)), 100, LAG);
    Template template = new Template(
            "r1",
            Stream.of("large", "small")
                    .flatMap(type -> Stream.of("zone-a", "zone-b", "zone-c").map(zone -> choice(zone, type)))
                    .toList(),
            "{}",
            "Paper",
            "here");
    final Map<MachineId, CloudMachine> rows = new LinkedHashMap<>();
    final List<PoolEvent> told = new ArrayList<>();

    PaperPool(PoolDocument document) {
        state = PoolStates.fresh(NAME, STORE, document, now);
    }

    /** Its size is known, and so is that there is nothing yet. */
    static PaperPool empty(PoolDocument document) {
        PaperPool pool = new PaperPool(document);
        pool.listing();
        pool.pass(LAG.multipliedBy(2));
        pool.listing();
        return pool;
    }

    static PaperPool empty() {
        return empty(PoolDocument.of(0, 1000, 0));
    }

    /** So many machines run, launched one minute after the other, all of them for longer than the young die. */
    static PaperPool running(int size) {
        return running(size, PoolDocument.of(0, 1000, 0));
    }

    static PaperPool running(int size, PoolDocument document) {
        PaperPool pool = empty(document);
        for (int i = 1; i <= size; i++) {
            pool.wish(i);
            pool.accept(pool.plan());
            pool.boot();
            pool.pass(Duration.ofMinutes(1));
        }
        pool.listing();
        pool.pass(Duration.ofMinutes(20));
        pool.listing();
        pool.plan();
        return pool;
    }

    static Choice choice(String zone, String type) {
        return new Choice(zone, type, Market.ON_DEMAND, Optional.empty());
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    void edit(Consumer<PoolEdit> change) {
        PoolEdit edit = new PoolEdit(state, now);
        change.accept(edit);
        told.addAll(edit.events());
        state = edit.state();
    }

    void wish(int size) {
        edit(pool -> pool.desired = Optional.of(pool.desired
                .map(was -> was.wish(size, "operator/anna", now, Optional.empty()))
                .orElse(new Desired(size, 1, "operator/anna", now, Optional.empty()))));
    }

    void close(Gate.Kind kind) {
        edit(pool -> pool.gates.put(kind, new Gate(kind, now, "closed by a test", Author.WEIR)));
    }

    /** A plan on what is known now; its intents are written down. */
    Plan plan() {
        return plan(false);
    }

    Plan plan(boolean blind) {
        Plan plan = Planner.plan(state, Optional.of(template), blind, limits, now);
        assertThat(PlanCheck.objection(state, plan, now)).as("the second look").isEmpty();
        edit(pool -> Remember.plan(pool, plan));
        return plan;
    }

    /** Every call of the plan is made, and accepted; launched machines show as pending from now on. */
    void accept(Plan plan) {
        call(plan, name -> new Outcome.Accepted(id(name)));
        for (MachineId id : ends(plan)) {
            edit(pool -> {
                Remember.callingEnds(pool, List.of(id));
                Learn.ended(pool, id, new Outcome.Accepted(id));
            });
            row(id, MachineState.TERMINATING);
        }
    }

    /** Every launch call of the plan is made, and has this outcome. */
    void call(Plan plan, Function<MachineName, Outcome> outcome) {
        for (Action action : plan.actions()) {
            switch (action) {
                case Action.Launch launch -> call(launch.batch(), launch.batch().names(), outcome);
                case Action.Repeat repeat -> call(Planner.batchOf(state, repeat.batch()), repeat.names(), outcome);
                default -> {}
            }
        }
    }

    private void call(Batch batch, List<MachineName> names, Function<MachineName, Outcome> outcome) {
        edit(pool -> Remember.callingLaunch(pool, names));
        edit(pool -> names.forEach(name -> {
            Outcome became = outcome.apply(name);
            Learn.launched(pool, batch, name, became);
            if (became instanceof Outcome.Accepted accepted) {
                rows.put(accepted.id(), row(accepted.id(), name, batch.choice(), MachineState.PENDING));
            }
        }));
    }

    static Function<MachineName, Outcome> refused(FailureKind kind) {
        return name -> new Outcome.Refused(kind, "said the paper");
    }

    static final Function<MachineName, Outcome> SILENCE = name -> new Outcome.Unknown("no answer");

    static MachineId id(MachineName name) {
        return new MachineId("i-" + name);
    }

    /** Everything pending runs, and a listing shows it. */
    void boot() {
        rows.replaceAll((id, row) -> row.state() == MachineState.PENDING ? in(row, MachineState.RUNNING) : row);
        pass(Duration.ofSeconds(1));
        listing();
    }

    /** A listing that shows all rows but those of the missing scopes. */
    void listing(String... missing) {
        listing(List.of(), missing);
    }

    void listing(List<LateRefusal> refusals, String... missing) {
        Set<Scope> dark = Set.copyOf(Stream.of(missing).map(Scope::new).toList());
        Observation seen = new Observation(
                now,
                rows.values().stream()
                        .filter(row -> !dark.contains(row.scope()))
                        .toList(),
                dark,
                refusals);
        edit(pool -> Settler.settle(pool, seen, limits));
    }

    void row(MachineId id, MachineState machineState) {
        rows.computeIfPresent(id, (key, row) -> in(row, machineState));
    }

    static CloudMachine row(MachineId id, MachineName name, Choice choice, MachineState state) {
        return row(id, Optional.of(name), choice, state, Optional.of(Marks.first(NAME, STORE)));
    }

    static CloudMachine row(
            MachineId id, Optional<MachineName> name, Choice choice, MachineState state, Optional<Marks> marks) {
        return new CloudMachine(
                id,
                name,
                Optional.of(NAME),
                marks,
                Optional.empty(),
                state,
                choice,
                "Paper",
                "here",
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                Map.of());
    }

    private static CloudMachine in(CloudMachine row, MachineState state) {
        return row(row.id(), row.name(), row.choice(), state, row.marks());
    }

    List<Member> members() {
        return List.copyOf(state.members().values());
    }

    Member member(MachineId id) {
        return java.util.Objects.requireNonNull(state.members().get(id));
    }

    static int launches(Plan plan) {
        return plan.all(Action.Launch.class).stream()
                .mapToInt(launch -> launch.batch().names().size())
                .sum();
    }

    static List<MachineName> names(Plan plan) {
        return plan.all(Action.Launch.class).stream()
                .flatMap(launch -> launch.batch().names().stream())
                .toList();
    }

    static List<MachineId> ends(Plan plan) {
        return plan.all(Action.End.class).stream().map(Action.End::id).toList();
    }

    /** The words of what was told since the last time. */
    List<String> heard() {
        List<String> kinds = told.stream().map(PoolEvent::kind).toList();
        told.clear();
        return kinds;
    }
}
