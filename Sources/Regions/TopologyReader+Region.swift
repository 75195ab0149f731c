import Yams

extension TopologyReader {
  private static let regionKeys = [
    "id", "no", "tier", "names", "codes", "parent", "managed_by", "address", "location",
    "departments",
  ]

  /// Reads one entry of `regions:`; `nil` if it is no mapping.
  mutating func readRegion(_ node: Node) -> TopologyDraft.Region? {
    guard
      let fields = readFields(
        of: node, allowed: Self.regionKeys, required: ["id", "no", "tier", "names"])
    else { return nil }
    var region = TopologyDraft.Region(position: FilePosition(node.mark))
    region.id = fields["id"].flatMap { readID($0) }
    region.number = fields["no"].flatMap { readNumber($0) }
    region.tier = fields["tier"].flatMap { readTier($0) }
    region.names = fields["names"].map { readNames($0) } ?? []
    region.codes = fields["codes"].map { readCodes($0) } ?? []
    region.parent = fields["parent"].flatMap { readID($0) }
    region.managedBy = fields["managed_by"].flatMap { readID($0) }
    region.address = fields["address"].flatMap { readAddress($0) }
    region.location = fields["location"].flatMap { readLocation($0) }
    if let node = fields["departments"] {
      region.departments = readDepartments(node)
    } else if let tier = region.tier?.value {
      region.departments = departmentSets[tier.name] ?? []
    }
    if let tier = region.tier?.value, tier != .city, fields["parent"] == nil {
      note(.missingKey, at: region.position, subject: "parent")
    }
    return region
  }

  private mutating func readNumber(_ node: Node) -> TopologyDraft.Placed<Int>? {
    guard let text = readText(node) else { return nil }
    guard text.value.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let number = Int(text.value), (1...9999).contains(number)
    else {
      note(.malformedNumber, at: text.position, subject: text.value)
      return nil
    }
    return .init(value: number, position: text.position)
  }

  private mutating func readTier(_ node: Node) -> TopologyDraft.Placed<Tier>? {
    guard let text = readText(node) else { return nil }
    guard let tier = Tier(name: text.value) else {
      let known = Tier.allCases.map(\.name).joined(separator: ", ")
      note(.unknownTier, at: text.position, subject: text.value, detail: known)
      return nil
    }
    return .init(value: tier, position: text.position)
  }

  /// One name, or a list of names and `{name, from, to}`.
  private mutating func readNames(_ node: Node) -> [Topology.Name] {
    guard case .sequence(let list) = node else {
      return readName(node).map { [Topology.Name($0.value)] } ?? []
    }
    if list.isEmpty { note(.wrongType, at: FilePosition(node.mark), detail: "name") }
    var names: [Topology.Name] = []
    for item in list {
      guard case .mapping = item else {
        if let name = readName(item) { names.append(Topology.Name(name.value)) }
        continue
      }
      guard let fields = readFields(of: item, allowed: ["name", "from", "to"], required: ["name"])
      else { continue }
      let period = readPeriod(fields, otherwise: .always)
      if let name = fields["name"].flatMap({ readName($0) }), let period {
        names.append(Topology.Name(name.value, during: period))
      }
    }
    return names
  }

  /// A mapping of system to code, or a list of `{system, code, from, to}`.
  private mutating func readCodes(_ node: Node) -> [TopologyDraft.Placed<Topology.DivisionCode>] {
    var codes: [TopologyDraft.Placed<Topology.DivisionCode>] = []
    if case .mapping = node {
      for (key, value) in pairs(node) {
        guard let system = readCodeSystem(key), let code = readCode(value, in: system) else {
          continue
        }
        let period = codeSystems?[system] ?? .always
        codes.append(
          .init(
            value: .init(system: system, code: code.value, during: period),
            position: code.position))
      }
      return codes
    }
    for item in items(node) {
      guard
        let fields = readFields(
          of: item, allowed: ["system", "code", "from", "to"], required: ["system", "code"])
      else { continue }
      let system = fields["system"].flatMap { readCodeSystem($0) }
      let code = fields["code"].flatMap { readCode($0, in: system ?? "") }
      let period = readPeriod(fields, otherwise: system.flatMap { codeSystems?[$0] } ?? .always)
      guard let system, let code, let period else { continue }
      codes.append(
        .init(
          value: .init(system: system, code: code.value, during: period), position: code.position))
    }
    return codes
  }

  private mutating func readCodeSystem(_ node: Node) -> String? {
    guard let system = readWord(node) else { return nil }
    if let known = codeSystems, known[system.value] == nil {
      note(
        .unknownCodeSystem, at: system.position, subject: system.value,
        detail: known.keys.sorted().joined(separator: ", "))
      return nil
    }
    return system.value
  }

  /// The name of a department set, or a list of `{key, name}`.
  private mutating func readDepartments(_ node: Node) -> [Topology.Department] {
    guard case .scalar = node else { return readDepartmentList(node) }
    guard let set = readWord(node) else { return [] }
    guard let departments = departmentSets[set.value] else {
      note(
        .unknownDepartmentSet, at: set.position, subject: set.value,
        detail: departmentSets.keys.sorted().joined(separator: ", "))
      return []
    }
    return departments
  }
}
