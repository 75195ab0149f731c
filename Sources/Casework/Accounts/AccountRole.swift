/// The roles (角色) that an account may have. The words are those of process files and stamps.
package enum AccountRole: String, CaseIterable, Sendable {
  case channelDuty = "channel_duty"
  case platformOffice = "platform_office"
  case department
  case fieldOfficer = "field_officer"
  case townshipClerk = "township_clerk"
  case leader
  case disciplineInspector = "discipline_inspector"
  case auditor
  case administrator

  package var chinese: String {
    switch self {
    case .channelDuty: "渠道值班员"
    case .platformOffice: "平台办"
    case .department: "部门"
    case .fieldOfficer: "现场执法人员"
    case .townshipClerk: "乡镇街道经办人"
    case .leader: "领导"
    case .disciplineInspector: "纪检监察"
    case .auditor: "审计"
    case .administrator: "管理员"
    }
  }

  /// The role of a stamp under which the node itself writes; nobody has it.
  package static let system = "system"
}
