package io.weir.openstack.fake;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.openstack.fake.FakeDials.Failure;
import io.weir.openstack.fake.FakeDials.What;
import io.weir.simulated.Delay;
import io.weir.simulated.Dice;
import java.net.URI;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What the services of one fake share. One thread at a time. */
final class Site {
    static final String REGION = "RegionOne";

    final Dice dice;
    final Books books;
    final Catalog catalog;
    final Map<Service, URI> urls = new EnumMap<>(Service.class);
    FakeDials dials;
    Instant now;

    private final Map<String, Instant> deadSince = new HashMap<>();

    Site(Dice dice, Books books, FakeDials dials, Instant now) {
        this.dice = dice;
        this.books = books;
        this.dials = dials;
        this.now = now;
        this.catalog = new Catalog(dice, now);
    }

    void turn(FakeDials turned) {
        turned.check();
        deadSince.keySet().retainAll(turned.deadHosts);
        turned.deadHosts.forEach(zone -> deadSince.putIfAbsent(zone, now));
        dials = turned;
    }

    /** Since when the hosts of a zone have been gone. */
    Optional<Instant> deadSince(String zone) {
        return Optional.ofNullable(deadSince.get(zone));
    }

    String uuid() {
        return uuid(dice);
    }

    static String uuid(Dice dice) {
        String hex = hex(dice, 32);
        return hex.substring(0, 8) + "-" + hex.substring(8, 12) + "-4" + hex.substring(13, 16) + "-a"
                + hex.substring(17, 20) + "-" + hex.substring(20);
    }

    static String hex(Dice dice, int length) {
        StringBuilder hex = new StringBuilder(length);
        while (hex.length() < length) {
            hex.append(String.format("%016x", dice.nextLong()));
        }
        return hex.substring(0, length);
    }

    Instant after(Delay delay) {
        return now.plusMillis(dice.millis(delay));
    }

    /** Whether something goes wrong with what bears this name. */
    Optional<Failure> strikes(What what, String name) {
        for (Failure failure : dials.failures) {
            boolean meant = failure.of() == null || name.contains(failure.of());
            if (failure.what() == what && meant && dice.happens(failure.p())) {
                return Optional.of(failure);
            }
        }
        return Optional.empty();
    }

    boolean reaches(Service service) {
        return !dials.unreachable.contains(service.type);
    }

    String url(Service service) {
        return String.valueOf(urls.get(service));
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array(Iterable<String> texts) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        texts.forEach(array::add);
        return array;
    }
}
