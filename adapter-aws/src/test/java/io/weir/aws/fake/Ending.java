package io.weir.aws.fake;

import io.weir.aws.fake.Ec2Event.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * TerminateInstances.
 *
 * <ol>
 *   <li>One id that is not known, and nothing is terminated.
 *   <li>A protected instance keeps the others of its zone from ending; those of other zones are terminated, and the answer is the refusal.
 *   <li>What ends already ends no sooner.
 * </ol>
 */
final class Ending {
    private static final int MOST = 1000;

    private final Ground ground;
    private final Tagging tagging;

    Ending(Ground ground, Tagging tagging) {
        this.ground = ground;
        this.tagging = tagging;
    }

    List<Action.Need> needs(Query query) {
        return query.texts("InstanceId").stream()
                .map(id -> new Action.Need("ec2:TerminateInstances", ground.arn("instance/" + id), tagging.present(id)))
                .toList();
    }

    Element terminate(Query query, long now) throws Refusal {
        Set<String> ids = new LinkedHashSet<>(query.texts("InstanceId"));
        if (ids.isEmpty()) {
            throw Refusal.missing("InstanceId");
        }
        if (ids.size() > MOST) {
            throw Refusal.value("The maximum number of instance IDs in one call is " + MOST);
        }
        List<Instance> instances = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (String id : ids) {
            if (!InstanceView.isWellFormed(id)) {
                throw Refusal.malformed("InvalidInstanceID", id);
            }
            Optional<Instance> instance = ground.ledger.find(id).filter(one -> one.shown(
                            ground.stale(now, ground.dials.lagSeconds()), ground.tombstone())
                    .isPresent());
            instance.ifPresentOrElse(instances::add, () -> unknown.add(id));
        }
        if (!unknown.isEmpty()) {
            throw Refusal.noInstances(unknown);
        }
        Ground.endTrial(query);
        Optional<Instance> kept = instances.stream()
                .filter(instance -> instance.isProtected && instance.isAlive(now))
                .findFirst();
        Set<String> zonesKept = new TreeSet<>();
        instances.stream()
                .filter(instance -> instance.isProtected && instance.isAlive(now))
                .forEach(instance -> zonesKept.add(instance.spec.zone()));
        List<Element> answers = new ArrayList<>();
        for (Instance instance : instances) {
            if (zonesKept.contains(instance.spec.zone())) {
                continue;
            }
            State before = instance.state(now);
            end(instance, now);
            answers.add(Element.item(
                    Element.text("instanceId", instance.id),
                    instance.state(now).element("currentState"),
                    before.element("previousState")));
        }
        if (kept.isPresent()) {
            throw Refusal.client(
                    "OperationNotPermitted",
                    "The instance '" + kept.get().id
                            + "' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.");
        }
        return Element.of("answer", Element.list("instancesSet", answers));
    }

    private void end(Instance instance, long now) {
        if (!instance.isAlive(now)) {
            return;
        }
        String code = "Client.UserInitiatedShutdown";
        Instant at = Instant.ofEpochMilli(now);
        List<Step> steps = new ArrayList<>();
        steps.add(Step.because(at, State.SHUTTING_DOWN, code, StateReasons.text(code)));
        if (!ground.dice.happens(ground.dials.hangsInTermination())) {
            Instant ended = at.plusMillis(ground.dice.millis(ground.dials.end()));
            steps.add(Step.because(ended, State.TERMINATED, code, StateReasons.text(code)));
        }
        ground.ledger.write(new Ec2Event.Changed(at, instance.id, true, steps));
    }
}
