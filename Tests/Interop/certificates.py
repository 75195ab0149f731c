"""Certificates as PROTOCOL.md judges them: for history by signatures alone, never by a date."""

import re
import socket
import ssl
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ledger import check_region, key_name

TIERS = ("city", "district", "township")
_URI = re.compile(r"liandong://([a-z0-9-]{1,40})/(city|district|township)/([a-z0-9-]+)")


class Refused(Exception):
    """A chain that proves no node of this deployment."""


@dataclass(frozen=True)
class Certified:
    deployment: str
    tier: int
    region: str
    public_key: ec.EllipticCurvePublicKey

    @property
    def key(self):
        return key_name(self.public_key)

    @property
    def uri(self):
        return f"liandong://{self.deployment}/{TIERS[self.tier]}/{self.region}"


def load_pem(path):
    with open(path, "rb") as file:
        return x509.load_pem_x509_certificates(file.read())


def der(certificate):
    return certificate.public_bytes(Encoding.DER)


def _issued(certificate, issuer):
    if certificate.issuer != issuer.subject:
        return False
    if not isinstance(certificate.signature_hash_algorithm, hashes.SHA256):
        return False
    try:
        issuer.public_key().verify(
            certificate.signature, certificate.tbs_certificate_bytes, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, TypeError, AttributeError):
        return False
    return True


def _check_p256(certificate):
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise Refused("a key that is not P-256")


def _check_authority(certificate, authorities_below):
    _check_p256(certificate)
    constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    length = constraints.value.path_length
    if not constraints.critical or not constraints.value.ca or not usage.key_cert_sign:
        raise Refused("a certificate in an issuer's place may not issue")
    if length is not None and authorities_below > length:
        raise Refused("the path is longer than the CA allows")


def judge(chain, roots):
    """What a chain (DER, node first, the root may follow) proves by the roots; raises Refused."""
    try:
        return _judge([x509.load_der_x509_certificate(bytes(one)) for one in chain], roots)
    except (ValueError, x509.ExtensionNotFound, x509.UnsupportedGeneralNameType) as error:
        raise Refused(str(error)) from error


def _judge(certificates, roots):
    issuers = certificates[1:]
    if issuers and issuers[-1] in roots:
        issuers = issuers[:-1]
    if not issuers or len(certificates) > 4:
        raise Refused("no issuing CA between node and root, or too many certificates")
    child = certificates[0]
    for index, issuer in enumerate(issuers):
        _check_authority(issuer, index)
        if not _issued(child, issuer):
            raise Refused("the chain is broken")
        child = issuer
    top = [root for root in roots if _issued(child, root)]
    if not top:
        raise Refused("the chain ends at a root that is not trusted here")
    _check_authority(top[0], len(issuers))
    node = _name(certificates[0])
    if node.deployment != deployment_of(roots):
        raise Refused("the certificate is of another deployment")
    return node


def deployment_of(roots):
    """The organisation that the roots' subject names."""
    names = roots[0].subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return names[0].value if names else ""


def _name(leaf):
    _check_p256(leaf)
    extensions = leaf.extensions
    purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    usage = extensions.get_extension_for_class(x509.KeyUsage).value
    constraints = extensions.get_extension_for_class(x509.BasicConstraints).value
    wanted = {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH}
    if constraints.ca or not usage.digital_signature or usage.key_cert_sign:
        raise Refused("not the certificate of a node")
    if not wanted <= set(purposes):
        raise Refused("not for both ends of a link")
    names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    uris = names.get_values_for_type(x509.UniformResourceIdentifier)
    match = _URI.fullmatch(uris[0]) if len(uris) == 1 else None
    if not match:
        raise Refused("not exactly one URI of the form liandong://DEPLOYMENT/TIER/REGION")
    deployment, tier, region = match.groups()
    return Certified(deployment, TIERS.index(tier), check_region(region), leaf.public_key())


def fetch_peer(host, port, home, timeout=20):
    """Shakes hands once to learn the parent's certificate; TLS itself checks chain and dates.

    grpcio shows a client no peer certificate. So the child looks first, and then trusts in the
    channel this one certificate alone.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.load_verify_locations(f"{home}/root.pem")
    context.load_cert_chain(f"{home}/node.pem", f"{home}/node.key")
    context.set_alpn_protocols(["h2"])
    with socket.create_connection((host, port), timeout) as plain:
        with context.wrap_socket(plain, server_hostname=host) as secured:
            leaf = x509.load_der_x509_certificate(secured.getpeercert(True))
    return _name(leaf), leaf
