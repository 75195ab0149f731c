"""What the tests need of a city: a CA of its own, node folders, and stores with a signed tree."""

import datetime
import ipaddress
import os

import canonical
import certificates
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from ledger import BULK, EVERYONE
from store import Store

NOW = datetime.datetime(2026, 1, 1)
TREE = {
    "hub": (0, None, "127.0.0.1:1"), "east": (1, "hub", None), "town": (2, "east", None),
    "west": (1, "hub", None)}
TIERS = {region: entry[0] for region, entry in TREE.items()}


def subject(name, deployment="example"):
    return x509.Name([
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, deployment),
        x509.NameAttribute(NameOID.COMMON_NAME, name)])


def certificate(key, name, issuer_key, issuer_name, extensions, deployment="example"):
    builder = (
        x509.CertificateBuilder().subject_name(subject(name, deployment))
        .issuer_name(subject(issuer_name, deployment)).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(NOW)
        .not_valid_after(NOW + datetime.timedelta(days=3650)))
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(issuer_key, hashes.SHA256())


def usage(**granted):
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
             "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{name: granted.get(name, False) for name in names}), True


class Authority:
    """A root and an issuing CA."""

    def __init__(self, deployment="example"):
        self.deployment = deployment
        self.root_key, self.key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        self.root = certificate(
            self.root_key, "root", self.root_key, "root",
            [(x509.BasicConstraints(True, 1), True), usage(key_cert_sign=True)], deployment)
        self.issuing = certificate(
            self.key, "issuing", self.root_key, "root",
            [(x509.BasicConstraints(True, 0), True), usage(key_cert_sign=True)], deployment)

    def node(self, region, tier):
        key = ec.generate_private_key(ec.SECP256R1())
        names = [
            x509.UniformResourceIdentifier(
                f"liandong://{self.deployment}/{certificates.TIERS[tier]}/{region}"),
            x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        both = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        leaf = certificate(
            key, region, self.key, "issuing",
            [(x509.BasicConstraints(False, None), True), usage(digital_signature=True),
             (x509.ExtendedKeyUsage(both), False), (x509.SubjectAlternativeName(names), False)],
            self.deployment)
        return key, [leaf, self.issuing]

    def write(self, folder, region, tier):
        """A folder of node.key, node.pem and root.pem."""
        key, chain = self.node(region, tier)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        pem = serialization.Encoding.PEM
        with open(f"{folder}/node.key", "wb", opener=lambda p, f: os.open(p, f, 0o600)) as file:
            file.write(key.private_bytes(
                pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        with open(f"{folder}/node.pem", "wb") as file:
            file.write(b"".join(one.public_bytes(pem) for one in chain))
        with open(f"{folder}/root.pem", "wb") as file:
            file.write(self.root.public_bytes(pem))


class City:
    """Stores of one deployment; the wall clock is a number that the test turns."""

    def __init__(self, tree=None):
        self.authority, self.tree, self.time = Authority(), tree or TREE, 1_767_225_600_000
        self.credentials = {}

    def wall(self):
        self.time += 1
        return self.time

    def store(self, region, path=":memory:"):
        if region not in self.credentials:
            self.credentials[region] = self.authority.node(region, TIERS[region])
        key, chain = self.credentials[region]
        roots = [self.authority.root]
        data = [certificates.der(one) for one in chain]
        identity = certificates.judge(data, roots)
        return Store(path, identity, key, data, roots, self.wall)

    def publish(self, hub, tree=None):
        rows = [[region, *entry] for region, entry in sorted((tree or self.tree).items())]
        body = canonical.encode({"regions": rows})
        return hub.author([(b"", "tree.published", [], [EVERYONE], body)], BULK).events[0]
