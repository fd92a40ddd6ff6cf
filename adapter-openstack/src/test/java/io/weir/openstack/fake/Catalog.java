package io.weir.openstack.fake;

import io.weir.simulated.Dice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is there from the beginning: people, flavors, images, networks and groups. Named as the real test bed names them. */
final class Catalog {
    static final String DOMAIN = "default";
    static final String DOMAIN_NAME = "Default";

    final List<Person> people = new ArrayList<>();
    final List<Flavor> flavors = new ArrayList<>();
    final List<Image> images = new ArrayList<>();
    final List<Network> networks = new ArrayList<>();
    final List<SecurityGroup> securityGroups = new ArrayList<>();
    final List<VolumeType> volumeTypes = new ArrayList<>();
    final Instant made;
    final String reader;
    final String member;
    final String administrator;

    record Person(
            String id, String name, String password, String project, String projectName, boolean isAdministrator) {}

    record Flavor(String id, String name, int vcpus, int ram, int disk) {}

    record Image(
            String id,
            String name,
            String status,
            String visibility,
            int minDisk,
            int minRam,
            Map<String, String> properties,
            List<String> tags,
            Instant created) {}

    record Network(
            String id, String name, String project, String subnet, String subnetName, String cidr, boolean external) {}

    record SecurityGroup(String id, String name, String project) {}

    /** @param served whether a backend makes volumes of it */
    record VolumeType(String id, String name, String description, boolean served) {}

    Catalog(Dice dice, Instant made) {
        this.made = Times.seconds(made);
        reader = Site.hex(dice, 32);
        member = Site.hex(dice, 32);
        administrator = Site.hex(dice, 32);
        for (String name : List.of("admin", "demo", "other")) {
            people.add(new Person(
                    Site.hex(dice, 32), name, name + "-secret", Site.hex(dice, 32), name, name.equals("admin")));
        }
        flavors.add(new Flavor("1", "m1.tiny", 1, 512, 1));
        flavors.add(new Flavor("2", "m1.small", 1, 2048, 20));
        flavors.add(new Flavor("3", "m1.large", 4, 8192, 80));
        flavors.add(new Flavor("4", "m1.toobig", 1, 100_000_000, 1));
        images.add(new Image(Site.uuid(dice), "dummy", "active", "public", 0, 0, Map.of(), List.of(), this.made));
        String admin = person("admin").orElseThrow().project();
        network(dice, "public", admin, "public-subnet", "203.0.113.0/24", true);
        for (String[] owned : new String[][] {
            {"demo", "demo-net", "demo-subnet", "10.0.0.0/16", "demo-sg"},
            {"other", "pin-net", "pin-subnet", "10.66.0.0/16", "pin-sg"}
        }) {
            String project = person(owned[0]).orElseThrow().project();
            network(dice, owned[1], project, owned[2], owned[3], false);
            for (String group : List.of("default", owned[4])) {
                securityGroups.add(new SecurityGroup(Site.uuid(dice), group, project));
            }
        }
        volumeTypes.add(new VolumeType(Site.uuid(dice), "nowhere", "", false));
        volumeTypes.add(new VolumeType(Site.uuid(dice), "testbed", "", true));
        volumeTypes.add(new VolumeType(Site.uuid(dice), "__DEFAULT__", "Default Volume Type", true));
    }

    private void network(Dice dice, String name, String project, String subnet, String cidr, boolean external) {
        networks.add(new Network(Site.uuid(dice), name, project, Site.uuid(dice), subnet, cidr, external));
    }

    void changePassword(String name, String password) {
        people.replaceAll(person -> person.name().equals(name)
                ? new Person(
                        person.id(), name, password, person.project(), person.projectName(), person.isAdministrator())
                : person);
    }

    Optional<Person> person(String name) {
        return people.stream().filter(person -> person.name().equals(name)).findFirst();
    }

    Optional<Flavor> flavor(String id) {
        return flavors.stream().filter(flavor -> flavor.id().equals(id)).findFirst();
    }

    Optional<Image> image(String id) {
        return images.stream().filter(image -> image.id().equals(id)).findFirst();
    }

    Optional<Network> network(String id) {
        return networks.stream().filter(network -> network.id().equals(id)).findFirst();
    }

    List<SecurityGroup> groupsOf(String project) {
        return securityGroups.stream()
                .filter(group -> group.project().equals(project))
                .toList();
    }

    Optional<VolumeType> type(String nameOrId) {
        return volumeTypes.stream()
                .filter(type -> type.name().equals(nameOrId) || type.id().equals(nameOrId))
                .findFirst();
    }
}
