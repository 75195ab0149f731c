package import FoundationEssentials
import Identity
package import Regions

/// Makes a ready folder for every node of a city: key, certificate, roots, seal key, settings and
/// systemd unit, all on the disk when ``run(_:at:serialsFrom:progress:publish:)`` returns.
///
/// A node's folder appears complete or not at all, and no key is ever overwritten.
package struct Provisioner: Sendable {
  /// The folder that gets a folder for each region.
  package let output: String
  /// The CA's folder; `nil` takes `ca` within the output and makes it where it is absent.
  package let authorityFolder: String?
  /// Whether folders that stand are completed and missing ones made; else their presence is an
  /// error.
  package let resumes: Bool
  /// Where each folder will stand on its node's own machine; the systemd unit names it.
  package let homeOnNode: HomeLayout
  /// The language of the nodes.
  package let language: Language

  /// Writes the hub-signed tree into the hub's store and into every folder. It may be called again
  /// for a city that it has published, and then changes nothing.
  package typealias Publish = (
    _ topology: Topology, _ hub: HomeLayout, _ folders: [RegionID: HomeLayout]
  ) throws -> Void

  /// What was done for one node.
  package struct Made: Sendable {
    package let node: ProvisionPlan.Node
    package let home: HomeLayout
    /// Whether anything in the folder is new.
    package let isNew: Bool
  }

  /// What a run came to.
  package struct Result: Sendable {
    /// The CA's folder.
    package let authority: String
    /// The nodes in the document's order.
    package let nodes: [Made]
  }

  /// The CA's folder within the output.
  package static let authorityName = "ca"

  package init(
    output: String, authorityFolder: String? = nil, resumes: Bool = false,
    homeOnNode: HomeLayout = HomeLayout(path: HomeLayout.defaultPath), language: Language = .zh
  ) {
    self.output = HomeLayout(path: output).path
    self.authorityFolder = authorityFolder
    self.resumes = resumes
    self.homeOnNode = homeOnNode
    self.language = language
  }

  /// The folder of one region's node.
  package func home(of region: RegionID) -> HomeLayout {
    HomeLayout(path: HomeLayout(path: output).path(of: region.rawValue))
  }

  /// Makes what the plan names, then calls `publish` once.
  ///
  /// - Parameter progress: is told after each node how many are done.
  /// - Throws: ``ProvisionError``, `HomeError`, `IdentityError`, and what `publish` throws. What was
  ///   made before stays, and a run that resumes goes on from there.
  package func run(
    _ plan: ProvisionPlan, at now: Date,
    serialsFrom generator: inout some RandomNumberGenerator,
    progress: (_ done: Int, _ region: RegionID) -> Void = { _, _ in },
    publish: Publish
  ) throws -> Result {
    try refuseFinishedFolders(plan)
    try HomeFolder(path: output).createIfAbsent()
    let authority = try openAuthority(for: plan, at: now, &generator)
    var made: [Made] = []
    for node in plan.nodes {
      let isNew = try make(node, authority.ca, at: now, &generator)
      made.append(Made(node: node, home: home(of: node.name.region), isNew: isNew))
      progress(made.count, node.name.region)
    }
    var homes: [RegionID: HomeLayout] = [:]
    for item in made { homes[item.node.name.region] = item.home }
    try publish(plan.topology, home(of: plan.topology.linkTree.hub), homes)
    return Result(authority: authority.path, nodes: made)
  }

  private func refuseFinishedFolders(_ plan: ProvisionPlan) throws {
    if let region = plan.nodes.first(where: { $0.name.region.rawValue == Self.authorityName }),
      authorityFolder == nil
    {
      throw ProvisionError(
        .foreignFolder,
        "the region \(region.name.region) would stand where the CA's folder does; keep the CA "
          + "elsewhere with --ca")
    }
    if resumes { return try refuseCityWithoutHub(plan) }
    let standing = plan.nodes.filter { HomeFolder(path: output).holds($0.name.region.rawValue) }
    guard let first = standing.first else { return }
    throw ProvisionError(
      .alreadyProvisioned,
      "\(output) already holds \(standing.count) of the \(plan.nodes.count) nodes, first "
        + "\(first.name.region); complete what is missing with --resume, or choose another folder")
  }

  /// A folder with a bundle proves that the hub had published; a hub made anew would know nothing of
  /// it.
  private func refuseCityWithoutHub(_ plan: ProvisionPlan) throws {
    let hub = home(of: plan.topology.linkTree.hub)
    guard !HomeFolder(path: hub.path).exists else { return }
    let published = plan.nodes.first {
      HomeFolder(path: home(of: $0.name.region).path).holds(HomeLayout.File.tree)
    }
    guard let published else { return }
    throw ProvisionError(
      .hubInService,
      "\(hub.path) is gone, and \(published.name.region) holds a tree that the hub signed; make new "
        + "nodes with a copy of the hub's folder here, or with `liandong ca issue`, and change the "
        + "tree with `liandong topology apply` at the hub")
  }

  private func openAuthority(
    for plan: ProvisionPlan, at now: Date, _ generator: inout some RandomNumberGenerator
  ) throws -> (ca: CertificateAuthority, path: String) {
    let path = authorityFolder ?? HomeLayout(path: output).path(of: Self.authorityName)
    let ca =
      authorityFolder == nil && !HomeFolder(path: path).exists
      ? try CertificateAuthority.initialise(
        deployment: plan.deployment, at: path, now: now, serialsFrom: &generator)
      : try CertificateAuthority.load(at: path)
    guard ca.deployment == plan.deployment else {
      throw ProvisionError(
        .wrongDeployment,
        "the CA in \(path) is of \(ca.deployment) and the topology of \(plan.deployment); name "
          + "that deployment's CA with --ca")
    }
    return (ca, path)
  }

  /// Makes or completes one folder; whether anything is new.
  private func make(
    _ node: ProvisionPlan.Node, _ ca: CertificateAuthority, at now: Date,
    _ generator: inout some RandomNumberGenerator
  ) throws -> Bool {
    let home = home(of: node.name.region)
    if HomeFolder(path: home.path).exists {
      return try fill(home, node, ca, at: now, &generator)
    }
    let staging = HomeLayout(path: home.path + ".partial")
    // Left by a run that was cut short: nothing in it was ever in force.
    try ProvisionStaging.discard(staging)
    _ = try fill(staging, node, ca, at: now, &generator)
    try ProvisionStaging.move(staging, to: home)
    return true
  }

  private func fill(
    _ home: HomeLayout, _ node: ProvisionPlan.Node, _ ca: CertificateAuthority, at now: Date,
    _ generator: inout some RandomNumberGenerator
  ) throws -> Bool {
    let folder = HomeFolder(path: home.path)
    try folder.createIfAbsent()
    var isNew = try fillKeys(home, folder, node, ca, at: now, &generator)
    if !folder.holds(HomeLayout.File.sealKey) {
      try HomeSealKey.generate().create(in: folder)
      isNew = true
    }
    let texts = [
      (HomeLayout.File.configuration, node.configuration(in: language).commentedText),
      (HomeLayout.File.serviceUnit, ProvisionUnit(home: homeOnNode).text),
    ]
    for (name, text) in texts where !folder.holds(name) {
      try folder.createFile(name, text, readers: .everybody)
      isNew = true
    }
    return isNew
  }

  /// Key and certificate; one that is there is checked and kept.
  private func fillKeys(
    _ home: HomeLayout, _ folder: HomeFolder, _ node: ProvisionPlan.Node,
    _ ca: CertificateAuthority, at now: Date, _ generator: inout some RandomNumberGenerator
  ) throws -> Bool {
    let store = home.keyStore
    if folder.holds(NodeKeyStore.File.chain) {
      let certified = try store.load().certified
      guard certified.name == node.name else {
        throw ProvisionError(
          .foreignFolder,
          "\(home.path) holds the node \(certified.name), not \(node.name); move it away")
      }
      return false
    }
    if !folder.holds(NodeKeyStore.File.key) { try store.createKey(.generate()) }
    let chain = try ca.issue(
      to: node.name, publicKey: store.readKey().publicKey, hosts: node.hosts, now: now,
      serialFrom: &generator)
    try store.install(chain, roots: ca.roots)
    return true
  }
}
