package io.weir.openstack.nova;

import io.weir.service.json.Fields;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code openstack:} section of a pool document. Flavors are {@code machineTypes}, availability zones {@code zones}, a key pair
 * {@code sshKey} and a single network {@code network}: what other clouds have too is not said here.
 *
 * @param image the newest active image with this name and these properties, where {@code image} by name or id is not enough
 * @param networks names or ids, in the order of the machine's interfaces; {@code none} or {@code auto} alone
 * @param ports ports made by somebody else, for a pool of one machine
 * @param bootVolume the machine's root is a volume made from the image
 * @param schedulerHints passed to Nova's scheduler as they are
 * @param floatingIpPool the external network that public addresses are of
 */
public record NovaSection(
        Optional<ImageWish> image,
        List<String> networks,
        List<String> ports,
        List<String> securityGroups,
        Optional<String> serverGroup,
        boolean configDrive,
        Optional<BootVolume> bootVolume,
        Map<String, String> schedulerHints,
        Optional<String> floatingIpPool) {

    private static final int LONGEST = 255;
    private static final int MOST = 50;

    public record ImageWish(Optional<String> name, Map<String, String> properties) {}

    public record BootVolume(int sizeGb, Optional<String> type) {}

    public static NovaSection read(Fields fields) {
        return new NovaSection(
                Optional.ofNullable(fields.optional("image", NovaSection::image)),
                fields.strings("networks", MOST, LONGEST),
                fields.strings("ports", MOST, LONGEST),
                fields.strings("securityGroups", MOST, LONGEST),
                text(fields, "serverGroup"),
                fields.optionalBoolean("configDrive", false),
                Optional.ofNullable(fields.optional("bootVolume", NovaSection::bootVolume)),
                fields.stringMap("schedulerHints", MOST, LONGEST),
                text(fields, "floatingIpPool"));
    }

    private static ImageWish image(Fields fields) {
        ImageWish wish = new ImageWish(text(fields, "name"), fields.stringMap("properties", MOST, LONGEST));
        if (wish.properties().isEmpty()) {
            fields.problem("properties", "are missing; an image by name or id is the pool's own field, image");
        }
        return wish;
    }

    private static BootVolume bootVolume(Fields fields) {
        return new BootVolume(fields.requiredInt("sizeGb", 1, 65_536), text(fields, "type"));
    }

    private static Optional<String> text(Fields fields, String name) {
        return Optional.ofNullable(fields.optionalString(name, LONGEST)).filter(text -> !text.isBlank());
    }
}
