package io.weir.gce.fake;

import com.google.cloud.compute.v1.DiskType;
import com.google.cloud.compute.v1.Image;
import com.google.cloud.compute.v1.ImageList;
import com.google.cloud.compute.v1.InstanceTemplate;
import com.google.cloud.compute.v1.InstanceTemplateList;
import com.google.cloud.compute.v1.MachineType;
import com.google.cloud.compute.v1.MachineTypeList;
import com.google.cloud.compute.v1.Network;
import com.google.cloud.compute.v1.Project;
import com.google.cloud.compute.v1.Quota;
import com.google.cloud.compute.v1.Region;
import com.google.cloud.compute.v1.Subnetwork;
import com.google.cloud.compute.v1.Zone;
import com.google.cloud.compute.v1.ZoneList;
import io.weir.gce.fake.ExampleProject.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What there is to launch and where, and how much of it may be. */
final class Catalogue {
    private static final double AMPLE = 100_000;
    private static final String CREATED = "2014-05-30T18:35:16.514-07:00";

    private final Ground ground;

    Catalogue(Ground ground) {
        this.ground = ground;
    }

    private static Refusal notFound(String path) {
        return Refusal.notFound(Names.resource(path));
    }

    Zone zone(Schema.Call call, long now) throws Refusal {
        String name = call.text("zone");
        return zones(now).stream()
                .filter(zone -> zone.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> notFound("zones/" + name));
    }

    private List<Zone> zones(long now) {
        List<Zone> zones = new ArrayList<>();
        for (String name : ground.project.zones()) {
            zones.add(Zone.newBuilder()
                    .setKind("compute#zone")
                    .setId(2000 + zones.size())
                    .setCreationTimestamp(CREATED)
                    .setName(name)
                    .setDescription(name)
                    .setStatus("UP")
                    .setRegion(Names.link("regions/" + ExampleProject.REGION))
                    .setSelfLink(Names.link("zones/" + name))
                    .addAvailableCpuPlatforms("Intel Broadwell")
                    .build());
        }
        return zones;
    }

    ZoneList zoneList(Schema.Call call, long now) throws Refusal {
        Page<Zone> page = Page.of(
                call, ground.dials, zones(now), Zone::getName, Zone::getCreationTimestamp, Zone.getDefaultInstance());
        ZoneList.Builder list = ZoneList.newBuilder()
                .setKind("compute#zoneList")
                .setId(Names.resource("zones"))
                .setSelfLink(Names.link("zones"))
                .addAllItems(page.things());
        if (!page.next().isEmpty()) {
            list.setNextPageToken(page.next());
        }
        return list.build();
    }

    Region region(Schema.Call call, long now) throws Refusal {
        String name = call.text("region");
        if (!name.equals(ExampleProject.REGION)) {
            throw notFound("regions/" + name);
        }
        Region.Builder region = Region.newBuilder()
                .setKind("compute#region")
                .setId(1000)
                .setCreationTimestamp(CREATED)
                .setName(name)
                .setDescription(name)
                .setStatus("UP")
                .setSelfLink(Names.link("regions/" + name));
        ground.project.zones().forEach(zone -> region.addZones(Names.link("zones/" + zone)));
        for (String metric : List.of(
                GceDials.CPUS, GceDials.PREEMPTIBLE_CPUS, GceDials.INSTANCES, GceDials.ADDRESSES, GceDials.DISKS)) {
            region.addQuotas(quota(metric, now));
        }
        return region.build();
    }

    Project project(Schema.Call call, long now) {
        return Project.newBuilder()
                .setKind("compute#project")
                .setId(Long.parseLong(ExampleProject.NUMBER))
                .setCreationTimestamp(CREATED)
                .setName(call.text("project"))
                .setSelfLink(Names.ROOT + "projects/" + ExampleProject.NAME)
                .setDefaultServiceAccount(ExampleProject.DEFAULT_ACCOUNT)
                .setDefaultNetworkTier("PREMIUM")
                .addQuotas(quota(GceDials.CPUS_ALL_REGIONS, now))
                .build();
    }

    private Quota quota(String metric, long now) {
        return Quota.newBuilder()
                .setMetric(metric)
                .setLimit(Optional.ofNullable(ground.dials.quota().get(metric)).orElse(AMPLE))
                .setUsage(Room.used(ground, metric, now))
                .build();
    }

    MachineType machineType(Schema.Call call, long now) throws Refusal {
        String zone = call.text("zone");
        String name = call.text("machine_type");
        return ground.project
                .type(name)
                .filter(type -> type.isIn(zone))
                .map(type -> view(type, zone))
                .orElseThrow(() -> notFound("zones/" + zone + "/machineTypes/" + name));
    }

    private static MachineType view(Type type, String zone) {
        return MachineType.newBuilder()
                .setKind("compute#machineType")
                .setId(3000)
                .setCreationTimestamp("1969-12-31T16:00:00.000-08:00")
                .setName(type.name())
                .setDescription(type.cpus() + " vCPUs, " + type.memoryMb() / 1024 + " GB RAM")
                .setGuestCpus(type.cpus())
                .setMemoryMb(type.memoryMb())
                .setImageSpaceGb(0)
                .setMaximumPersistentDisks(128)
                .setMaximumPersistentDisksSizeGb(263168)
                .setZone(zone)
                .setSelfLink(Names.link("zones/" + zone + "/machineTypes/" + type.name()))
                .setIsSharedCpu(type.shared())
                .setArchitecture(type.architecture())
                .build();
    }

    MachineTypeList machineTypes(Schema.Call call, long now) throws Refusal {
        String zone = call.text("zone");
        Page<MachineType> page = Page.of(
                call,
                ground.dials,
                ground.project.types().stream()
                        .filter(type -> type.isIn(zone))
                        .map(type -> view(type, zone))
                        .toList(),
                MachineType::getName,
                MachineType::getCreationTimestamp,
                MachineType.getDefaultInstance());
        MachineTypeList.Builder list = MachineTypeList.newBuilder()
                .setKind("compute#machineTypeList")
                .setId(Names.resource("zones/" + zone + "/machineTypes"))
                .setSelfLink(Names.link("zones/" + zone + "/machineTypes"))
                .addAllItems(page.things());
        if (!page.next().isEmpty()) {
            list.setNextPageToken(page.next());
        }
        return list.build();
    }

    DiskType diskType(Schema.Call call, long now) throws Refusal {
        String zone = call.text("zone");
        String name = call.text("disk_type");
        if (!ground.project.diskTypes().contains(name)) {
            throw notFound("zones/" + zone + "/diskTypes/" + name);
        }
        return DiskType.newBuilder()
                .setKind("compute#diskType")
                .setId(4000)
                .setCreationTimestamp("1969-12-31T16:00:00.000-08:00")
                .setName(name)
                .setDescription(name)
                .setValidDiskSize("10GB-65536GB")
                .setDefaultDiskSizeGb(500)
                .setZone(Names.link("zones/" + zone))
                .setSelfLink(Names.link("zones/" + zone + "/diskTypes/" + name))
                .build();
    }

    Image image(Schema.Call call, long now) throws Refusal {
        String project = call.text("project");
        String name = call.text("image");
        return ground.project
                .image(project, name)
                .orElseThrow(() -> Refusal.notFound("projects/" + project + "/global/images/" + name));
    }

    Image family(Schema.Call call, long now) throws Refusal {
        String project = call.text("project");
        String name = call.text("family");
        return ground.project
                .family(project, name)
                .orElseThrow(() -> Refusal.notFound("projects/" + project + "/global/images/family/" + name));
    }

    ImageList images(Schema.Call call, long now) throws Refusal {
        String project = call.text("project");
        Page<Image> page = Page.of(
                call,
                ground.dials,
                ground.project.images(project),
                Image::getName,
                Image::getCreationTimestamp,
                Image.getDefaultInstance());
        ImageList.Builder list = ImageList.newBuilder()
                .setKind("compute#imageList")
                .setId("projects/" + project + "/global/images")
                .setSelfLink(Names.link(project, "global/images"))
                .addAllItems(page.things());
        if (!page.next().isEmpty()) {
            list.setNextPageToken(page.next());
        }
        return list.build();
    }

    Network network(Schema.Call call, long now) throws Refusal {
        String name = call.text("network");
        return ground.project.network(name).orElseThrow(() -> notFound("global/networks/" + name));
    }

    Subnetwork subnetwork(Schema.Call call, long now) throws Refusal {
        String region = call.text("region");
        String name = call.text("subnetwork");
        return ground.project
                .subnetwork(region, name)
                .orElseThrow(() -> notFound("regions/" + region + "/subnetworks/" + name));
    }

    InstanceTemplate template(Schema.Call call, long now) throws Refusal {
        String name = call.text("instance_template");
        return ground.project.template(name).orElseThrow(() -> notFound("global/instanceTemplates/" + name));
    }

    InstanceTemplateList templates(Schema.Call call, long now) throws Refusal {
        Page<InstanceTemplate> page = Page.of(
                call,
                ground.dials,
                ground.project.templates(),
                InstanceTemplate::getName,
                InstanceTemplate::getCreationTimestamp,
                InstanceTemplate.getDefaultInstance());
        InstanceTemplateList.Builder list = InstanceTemplateList.newBuilder()
                .setKind("compute#instanceTemplateList")
                .setId(Names.resource("global/instanceTemplates"))
                .setSelfLink(Names.link("global/instanceTemplates"))
                .addAllItems(page.things());
        if (!page.next().isEmpty()) {
            list.setNextPageToken(page.next());
        }
        return list.build();
    }
}
