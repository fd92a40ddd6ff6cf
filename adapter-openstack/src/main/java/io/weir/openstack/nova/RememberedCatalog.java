package io.weir.openstack.nova;

import io.weir.cloud.RememberedAnswers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The catalogs as they were a while ago: many pools resolve against one reading of them. Ports come and go, and are looked at each time. */
final class RememberedCatalog implements CatalogApi {
    private final CatalogApi catalog;
    private final RememberedAnswers answers;

    RememberedCatalog(CatalogApi catalog, RememberedAnswers answers) {
        this.catalog = catalog;
        this.answers = answers;
    }

    private interface Read<T> {
        T read() throws NovaFailure;
    }

    @SuppressWarnings("unchecked") // each question is asked by one method, which has one type
    private <T> T once(String question, Read<T> read) throws NovaFailure {
        return (T) answers.<String, Object, NovaFailure>get(Object.class, question, asked -> read.read());
    }

    @Override
    public List<Flavor> flavors() throws NovaFailure {
        return once("flavors", catalog::flavors);
    }

    @Override
    public List<Image> images(Map<String, String> filter) throws NovaFailure {
        return once("images " + new TreeMap<>(filter), () -> catalog.images(filter));
    }

    @Override
    public Optional<Image> image(String id) throws NovaFailure {
        return once("image " + id, () -> catalog.image(id));
    }

    @Override
    public List<Network> networks() throws NovaFailure {
        return once("networks", catalog::networks);
    }

    @Override
    public List<Named> securityGroups() throws NovaFailure {
        return once("security groups", catalog::securityGroups);
    }

    @Override
    public List<Named> ports() throws NovaFailure {
        return catalog.ports();
    }

    @Override
    public List<Named> serverGroups() throws NovaFailure {
        return once("server groups", catalog::serverGroups);
    }

    @Override
    public List<Named> keyPairs() throws NovaFailure {
        return once("key pairs", catalog::keyPairs);
    }

    @Override
    public List<Zone> zones() throws NovaFailure {
        return once("zones", catalog::zones);
    }

    @Override
    public List<Zone> volumeZones() throws NovaFailure {
        return once("volume zones", catalog::volumeZones);
    }

    @Override
    public List<Named> volumeTypes() throws NovaFailure {
        return once("volume types", catalog::volumeTypes);
    }
}
