import Identity
import Regions
import Yams

/// Reads `node.yaml` and notes what is wrong; it goes on after each finding.
struct ConfigurationReader {
  /// The largest file that is read, in bytes.
  static let maximumBytes = 16 * 1024
  /// The most brackets and nested list marks: the layout needs two, and each costs the parser stack.
  static let maximumNesting = 64

  /// What was read, and where the three values stand that the certificate must confirm.
  struct Reading {
    let outcome: NodeConfiguration.ParseOutcome
    let places: [String: (line: Int, column: Int)]

    /// Where the settings differ from a certificate's name.
    func disagreements(with name: NodeName) -> [ConfigurationFinding] {
      guard case .configuration(let configuration) = outcome else { return [] }
      let pairs = [
        ("deployment", configuration.deployment.rawValue, name.deployment.rawValue),
        ("region", configuration.region.rawValue, name.region.rawValue),
        ("tier", configuration.tier.name, name.tier.name),
      ]
      return pairs.filter { $0.1 != $0.2 }.map { key, written, certified in
        ConfigurationFinding(
          line: places[key]?.line ?? 1, column: places[key]?.column ?? 1, code: .notTheCertificate,
          subject: written, detail: certified)
      }.sorted()
    }
  }

  private enum Key {
    static let top = [
      "deployment", "region", "tier", "listen", "parent", "language", "log", "bounds",
      "evidence",
    ]
    static let log = ["level"]
    static let bounds = ["batch_bytes", "batch_commits", "children", "set_aside_bytes"]
    static let evidence = ["fetch", "small_bytes"]
  }

  var findings: [ConfigurationFinding] = []

  static func read(_ text: String) -> Reading {
    func refused(_ finding: ConfigurationFinding) -> Reading {
      Reading(outcome: .refused([finding]), places: [:])
    }
    guard text.utf8.count <= maximumBytes else {
      return refused(
        ConfigurationFinding(
          line: 1, column: 1, code: .fileTooLarge, subject: String(text.utf8.count),
          detail: String(maximumBytes)))
    }
    if let line = lineOfExcessiveNesting(text) {
      return refused(ConfigurationFinding(line: line, column: 1, code: .tooDeep))
    }
    do {
      // Named, because the default encoding would be looked up in the environment.
      let root = try Parser(yaml: text, encoding: .utf8).singleRoot()
      var reader = ConfigurationReader()
      return reader.read(root)
    } catch {
      return refused(finding(for: error, in: text))
    }
  }

  private static func lineOfExcessiveNesting(_ text: String) -> Int? {
    var brackets = 0
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let words = line.drop { $0 == " " || $0 == "\t" }
      guard words.first != "#" else { continue }
      brackets += words.count { $0 == "[" || $0 == "{" }
      let marks = words.count { $0 == "-" || $0 == "?" || $0 == ":" }
      if brackets > maximumNesting || marks > maximumNesting { return index + 1 }
    }
    return nil
  }

  private static func finding(for error: any Error, in text: String) -> ConfigurationFinding {
    switch error as? YamlError {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      return ConfigurationFinding(
        line: mark.line, column: mark.column, code: .yamlSyntax,
        subject: context.map { "\($0.text): \(problem)" } ?? problem)
    case .duplicatedKeysInMapping(let keys, let context):
      let key = keys.first ?? ""
      let place = secondPlace(of: key, in: text)
      return ConfigurationFinding(
        line: place?.line ?? context.mark.line, column: place?.column ?? context.mark.column,
        code: .duplicateKey, subject: key)
    case .reader(let problem, _, _, _):
      return ConfigurationFinding(line: 1, column: 1, code: .yamlSyntax, subject: problem)
    default:
      return ConfigurationFinding(line: 1, column: 1, code: .yamlSyntax, subject: "\(error)")
    }
  }

  /// The parser names the mapping; people want the second of the two lines.
  private static func secondPlace(of key: String, in text: String) -> (line: Int, column: Int)? {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let places = lines.enumerated().compactMap { index, line -> (line: Int, column: Int)? in
      let words = line.drop { $0 == " " }
      return words.hasPrefix(key + ":") ? (index + 1, line.count - words.count + 1) : nil
    }
    return places.count < 2 ? nil : places[1]
  }

  private mutating func read(_ root: Yams.Node?) -> Reading {
    guard let root else {
      for key in ["deployment", "region", "tier"] { note(.missingKey, at: nil, subject: key) }
      return Reading(outcome: .refused(findings.sorted()), places: [:])
    }
    let fields = fields(of: root, allowed: Key.top)
    for key in ["deployment", "region", "tier"] where fields[key] == nil {
      note(.missingKey, at: root, subject: key)
    }
    let deployment = value(fields["deployment"], or: .malformedID) { Deployment($0) }
    let region = value(fields["region"], or: .malformedID) { RegionID($0) }
    let tier = word(fields["tier"], among: Tier.allCases, by: \.name)
    let listen = value(fields["listen"], or: .malformedAddress) { ConfigurationAddress($0) }
    if let listen, !listen.isIPAddress {
      note(.listenNotIP, at: fields["listen"], subject: listen.host)
    }
    let parent = value(fields["parent"], or: .malformedAddress) { ConfigurationAddress($0) }
    let language = word(fields["language"], among: Language.allCases, by: \.rawValue)
    let log = fields["log"].map { self.fields(of: $0, allowed: Key.log) } ?? [:]
    let level = word(
      log["level"], among: NodeConfiguration.LogLevel.allCases, by: \.rawValue)
    let bounds = readBounds(fields["bounds"])
    let evidence = readEvidence(fields["evidence"])
    guard findings.isEmpty, let deployment, let region, let tier else {
      return Reading(outcome: .refused(Set(findings).sorted()), places: [:])
    }
    var configuration = NodeConfiguration(
      name: NodeName(deployment: deployment, tier: tier, region: region), listen: listen,
      parent: parent, language: language ?? .zh)
    configuration.logLevel = level ?? .info
    configuration.bounds = bounds
    configuration.evidence = evidence
    return Reading(
      outcome: .configuration(configuration),
      places: fields.compactMapValues { node in node.mark.map { ($0.line, $0.column) } })
  }

  private mutating func readBounds(_ node: Yams.Node?) -> NodeConfiguration.Bounds {
    var bounds = NodeConfiguration.Bounds.standard
    guard let node else { return bounds }
    let fields = fields(of: node, allowed: Key.bounds)
    let standard = NodeConfiguration.Bounds.standard
    // A batch must be able to carry the largest commit, 256 KiB with its frame.
    bounds.batchBytes =
      number(fields["batch_bytes"], within: 327_680...standard.batchBytes)
      ?? standard.batchBytes
    bounds.batchCommits =
      number(fields["batch_commits"], within: 1...standard.batchCommits) ?? standard.batchCommits
    bounds.children =
      number(fields["children"], within: 1...standard.children) ?? standard.children
    bounds.setAsideBytes =
      number(fields["set_aside_bytes"], within: 0...standard.setAsideBytes)
      ?? standard.setAsideBytes
    return bounds
  }

  private mutating func readEvidence(_ node: Yams.Node?) -> NodeConfiguration.Evidence {
    var evidence = NodeConfiguration.Evidence.standard
    guard let node else { return evidence }
    let fields = fields(of: node, allowed: Key.evidence)
    evidence.fetch =
      word(
        fields["fetch"], among: NodeConfiguration.Evidence.Fetch.allCases, by: \.rawValue)
      ?? evidence.fetch
    evidence.smallBytes =
      number(fields["small_bytes"], within: 0...NodeConfiguration.Evidence.mostBytes)
      ?? evidence.smallBytes
    return evidence
  }
}
