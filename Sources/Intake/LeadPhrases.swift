/// The words from which ``LeadGenerator`` builds leads. All of them are invented for this purpose;
/// what a source of pollution does stands in `LeadPhrases+Sites.swift`.
enum LeadPhrases {
  /// A kind of source of pollution with what is said of it.
  struct Site: Sendable {
    /// Keys of pollution types, in the order of ``PollutionWords/keys``.
    var types: [String]
    /// What it is called, 2 to 8 characters.
    var names: [String]
    /// Ends of a title, 4 to 8 characters.
    var headlines: [String]
    /// What it does, as a clause.
    var symptoms: [String]
    /// What was seen besides, as a clause.
    var details: [String]
  }

  static let channels = [
    "hotline_12345", "hotline_12369", "digital_city", "one_tap", "phone", "wechat", "web_mail",
    "grid",
    "petition", "superior", "routine_check", "media",
  ]

  /// Invented spots inside a township, 3 to 7 characters.
  static let spots = [
    "东风桥南侧", "新华路中段", "青年路北头", "老粮站旁", "幸福小区西门", "和平村三组", "前进村村口", "胜利河东岸",
    "团结路十字口", "长青花园南门", "工业园二期", "红星渠边", "文昌阁后街", "向阳新村", "柳树湾", "石桥村北", "金谷路尽头",
    "双龙巷内", "旧车站对面", "望海小区旁", "杏林村二组", "开源大道东段", "兴隆集市", "清水塘边",
  ]

  static let openings = [
    "来电反映：", "市民反映，", "您好，我要反映", "群众来信反映，", "网格员巡查时发现，", "附近住户联名反映，", "本人实名反映，", "路过时看到",
    "值班人员接报：", "居民多次提到，",
  ]

  static let times = [
    "每天凌晨两点左右", "夜里十点以后", "最近一个多星期", "从上个月开始", "每逢阴天和雨后", "周末白天", "清早五六点钟", "傍晚下班时段", "连续三天夜间",
    "检查人员离开以后", "入夏以来", "中午休息时间", "刮东风的时候", "近半个月来", "节假日期间", "天黑以后",
  ]

  static let distances = [
    "该处离最近的居民楼约", "现场到小学围墙大约", "我家窗户距此约", "该点位与村卫生室相隔约", "从路口往里走约", "现场距河堤大约", "厂界离住户最近处约",
  ]

  static let effects = [
    "家里老人孩子都受不了", "住户整天不敢开窗", "阳台晾的衣服没法再穿", "已有几位邻居去看了医生", "晚上根本休息不好", "菜地里的叶子都蔫了", "路过的人都捂着鼻子走",
    "孩子写作业静不下心", "窗台一天要擦好几遍", "楼上几户准备搬走", "井水也不敢再用", "沿街店铺生意受到影响", "周围群众意见很大", "大家担心长期下去影响健康",
  ]

  static let histories = [
    "此前向社区说过，管了两天又照旧", "上次来人看过，当时正好停工", "负责人答应整改，至今没有动静", "曾经贴过告示，后来被撕掉了", "村里调解过一回，没有结果",
    "已经拍了照片和视频，可以提供", "问过现场工人，对方不予理会", "去年也出现过同样的情况", "物业表示无权处理", "不清楚有没有办过手续",
  ]

  static let demands = [
    "请尽快派人到现场核查", "希望有关部门依法处理并告知结果", "请求责令停止并恢复原状", "望安排夜间突击检查", "请查明是否办理环保手续", "盼早日解决，还居民安宁",
    "建议做一次监测并公布数据", "请属地加强巡查，防止反弹", "希望给出明确的整改期限", "请工作人员去之前与我联系", "请对反映人信息保密", "希望从源头上解决，不要再拖",
  ]

  static let surnames = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭",
    "马", "罗",
  ]

  static let ordinals = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛"]
}
