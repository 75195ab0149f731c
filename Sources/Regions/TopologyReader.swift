import Yams

/// Reads a composed YAML document into a ``TopologyDraft`` and notes what is wrong with its shape.
///
/// It goes on after each finding: what cannot be read is left out of the draft.
struct TopologyReader {
  let source: TopologySource
  var findings: [TopologyFinding] = []

  /// The department sets by name, and the code systems with the days on which they hold; `nil`
  /// where the file declares none, and then any system may be used.
  var departmentSets: [String: [Topology.Department]] = [:]
  var codeSystems: [String: DayPeriod]?

  init(source: TopologySource) { self.source = source }

  /// Reads the document.
  mutating func read(_ root: Node?) -> TopologyDraft {
    var draft = TopologyDraft()
    guard let root else {
      note(.missingKey, at: .start, subject: "deployment")
      note(.missingKey, at: .start, subject: "regions")
      return draft
    }
    guard
      let fields = readFields(
        of: root, allowed: ["deployment", "code_systems", "department_sets", "regions"],
        required: ["deployment", "regions"])
    else { return draft }
    if let node = fields["deployment"] {
      draft.deployment = readID(node)?.value
    }
    if let node = fields["code_systems"] { codeSystems = readCodeSystems(node) }
    if let node = fields["department_sets"] { readDepartmentSets(node) }
    if let node = fields["regions"] {
      draft.regionsPosition = FilePosition(node.mark)
      draft.regions = items(node).compactMap { readRegion($0) }
    }
    return draft
  }

  private mutating func readCodeSystems(_ node: Node) -> [String: DayPeriod] {
    var systems: [String: DayPeriod] = [:]
    for (key, value) in pairs(node) {
      guard let system = readWord(key) else { continue }
      let fields = readFields(of: value, allowed: ["name", "from", "to"], required: ["name"])
      if let name = fields?["name"] { _ = readName(name) }
      systems[system.value] = fields.flatMap { readPeriod($0, otherwise: .always) } ?? .always
    }
    return systems
  }

  private mutating func readDepartmentSets(_ node: Node) {
    for (key, value) in pairs(node) {
      guard let set = readWord(key) else { continue }
      departmentSets[set.value] = readDepartmentList(value)
    }
  }

  /// The departments of a list of `{key, name}`.
  mutating func readDepartmentList(_ node: Node) -> [Topology.Department] {
    var departments: [Topology.Department] = []
    var lineOfKey: [String: Int] = [:]
    for item in items(node) {
      guard
        let fields = readFields(of: item, allowed: ["key", "name"], required: ["key", "name"]),
        let keyNode = fields["key"], let nameNode = fields["name"]
      else { continue }
      let (key, name) = (readWord(keyNode), readName(nameNode))
      guard let key, let name else { continue }
      if let line = lineOfKey[key.value] {
        note(.duplicateDepartment, at: key.position, subject: key.value, detail: String(line))
      } else {
        lineOfKey[key.value] = key.position.line
        departments.append(Topology.Department(key: key.value, name: name.value))
      }
    }
    return departments
  }
}
