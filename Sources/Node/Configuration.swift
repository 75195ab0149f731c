package import Identity
package import Regions

/// The settings of one node, as `node.yaml` has them.
///
/// Nothing here decides what a lead's state is: settings say who the node is, where it listens and
/// how much it carries at a time.
package struct NodeConfiguration: Hashable, Sendable {
  /// The deployment, which must be that of the certificate.
  package var deployment: Deployment
  /// The region 区域 that the node serves, which must be that of the certificate.
  package var region: RegionID
  /// The region's tier 层级, which must be that of the certificate.
  package var tier: Tier
  /// Where the node listens for its children, an IP address of this machine; `nil` for a node
  /// without children.
  package var listen: ConfigurationAddress?
  /// Where the parent's node is; overrides the address in the tree. `nil` follows the tree.
  package var parent: ConfigurationAddress?
  /// The language of logs for people and of the commands' answers.
  package var language: Language
  /// From which level on the log is written.
  package var logLevel: LogLevel
  /// What the node carries at a time.
  package var bounds: Bounds
  /// Which files of evidence are fetched by themselves.
  package var evidence: Evidence

  /// The levels of the log, most talkative first. The raw value is the word in the file.
  package enum LogLevel: String, CaseIterable, Sendable {
    case trace, debug, info, notice, warning, error, critical
  }

  /// Which files of evidence, of what offices below take in, are fetched as soon as their event
  /// arrives; the others come when somebody asks for them.
  package struct Evidence: Hashable, Sendable {
    /// The raw value is the word in the file.
    package enum Fetch: String, CaseIterable, Sendable {
      case none, small, all
    }

    package var fetch: Fetch
    /// How long a small file is at most, in bytes.
    package var smallBytes: Int

    /// Photos and documents come by themselves, videos when they are asked for.
    package static let standard = Evidence(fetch: .small, smallBytes: 2 * 1_048_576)
    /// The most that `smallBytes` may be: the longest file that is taken in.
    package static let mostBytes = 100 * 1_048_576

    /// A policy with its parts.
    package init(fetch: Fetch, smallBytes: Int) {
      self.fetch = fetch
      self.smallBytes = smallBytes
    }
  }

  /// The bounds that an operator may lower for a weak machine or line. Each is at most the design's
  /// own bound, which every peer is ready for.
  package struct Bounds: Hashable, Sendable {
    /// The most bytes of one batch on a link.
    package var batchBytes: Int
    /// The most commits of one batch on a link.
    package var batchCommits: Int
    /// The most children that may be connected at once.
    package var children: Int
    /// The most bytes set aside for one peer; beyond them only hashes are kept.
    package var setAsideBytes: Int

    /// The design's table of bounds.
    package static let standard = Bounds(
      batchBytes: 1_048_576, batchCommits: 512, children: 4_096, setAsideBytes: 64 * 1_048_576)

    /// Bounds as given; the reader of `node.yaml` checks their ranges.
    package init(batchBytes: Int, batchCommits: Int, children: Int, setAsideBytes: Int) {
      self.batchBytes = batchBytes
      self.batchCommits = batchCommits
      self.children = children
      self.setAsideBytes = setAsideBytes
    }
  }

  /// The settings of a node with all else as usual.
  package init(
    name: NodeName, listen: ConfigurationAddress? = nil, parent: ConfigurationAddress? = nil,
    language: Language = .zh
  ) {
    deployment = name.deployment
    region = name.region
    tier = name.tier
    self.listen = listen
    self.parent = parent
    self.language = language
    logLevel = .info
    bounds = .standard
    evidence = .standard
  }

  /// Who the node is, in the form of its certificate.
  package var name: NodeName { NodeName(deployment: deployment, tier: tier, region: region) }

  /// What reading a file comes to.
  package enum ParseOutcome: Hashable, Sendable {
    /// The file is good.
    case configuration(NodeConfiguration)
    /// What is wrong, in the order of the file; at least one finding.
    case refused([ConfigurationFinding])
  }

  /// Reads the text of a `node.yaml`. All findings are reported, in the order of the file.
  package static func parse(_ text: String) -> ParseOutcome {
    ConfigurationReader.read(text).outcome
  }

  /// Reads the file of a node's folder, and compares it with the certificate where one is given.
  ///
  /// - Throws: ``ConfigurationError`` with every finding; `HomeError` where the file cannot be read.
  package static func load(
    from home: HomeLayout, agreeingWith certificate: NodeName? = nil
  ) throws -> NodeConfiguration {
    let text = try HomeFolder.readText(home.configuration, atMost: ConfigurationReader.maximumBytes)
    let reading = ConfigurationReader.read(text)
    switch reading.outcome {
    case .refused(let findings):
      throw ConfigurationError(file: home.configuration, findings: findings)
    case .configuration(let configuration):
      let findings = certificate.map(reading.disagreements) ?? []
      guard findings.isEmpty else {
        throw ConfigurationError(file: home.configuration, findings: findings)
      }
      return configuration
    }
  }
}

/// A `node.yaml` that cannot be used, with everything that is wrong in it.
package struct ConfigurationError: Error, Sendable, CustomStringConvertible {
  /// The file's path.
  package let file: String
  /// At least one finding, in the order of the file.
  package let findings: [ConfigurationFinding]

  package init(file: String, findings: [ConfigurationFinding]) {
    self.file = file
    self.findings = findings
  }

  /// One line for each finding, in that language: `file:line:column: what is wrong and the cure`.
  package func lines(in language: Language) -> [String] {
    findings.map {
      "\(file):\($0.line):\($0.column): \($0.message(in: language)) \($0.cure(in: language))"
    }
  }

  package var description: String { lines(in: .en).joined(separator: "\n") }
}
