import type { Column } from './columns.ts'

/** Columns of a table of orders, as an import reads and an export writes them. */

export type OrderField =
  | ('code' | 'team' | 'externalId' | 'kind' | 'urgent' | 'name' | 'phone' | 'address' | 'zone' | 'distanceKm' | 'key')
  | ('brand' | 'model' | 'serial' | 'fault' | 'category' | 'units' | 'warranty' | 'invoiceDate' | 'price' | 'wantedAt')
  | ('assign' | 'state' | 'createdAt' | 'appointment' | 'completedAt' | 'charge')

export const orderColumns: ReadonlyArray<Column<OrderField>> = [
  {
    ...{ field: 'code', title: '派工单号', also: ['派工编号', '系统单号'], example: '' },
    about: '派工给的单号。导入新单留空；从派工导出的表带着它，再导入时这一行会跳过，不会重复开单。',
  },
  {
    ...{ field: 'externalId', title: '外部单号', example: 'EXAMPLE-0001' },
    also: ['单号', '订单号', '工单号', '外部编号', '来源单号', '订单编号', '工单编号', 'external id', 'order no'],
    about: '您自己系统里的单号，不能重复。填了它，同一张单导入几次都只开一次。',
  },
  {
    ...{ field: 'team', title: '班组', also: ['团队', '所属班组'], example: '' },
    about: '可以不填。填了就必须是正在导入的班组。',
  },
  {
    ...{ field: 'kind', title: '类型', also: ['工单类型', '服务类型', '业务类型', '单据类型'], example: '维修' },
    about: '安装、维修、投诉、回访，不填按维修。',
  },
  {
    ...{ field: 'urgent', title: '加急', also: ['紧急', '是否加急', '是否紧急', '优先级'], example: '否' },
    about: '是 或 否，不填按否。',
  },
  {
    ...{ field: 'name', title: '客户', example: '王女士', needed: true },
    also: ['客户姓名', '姓名', '客户名称', '用户', '用户姓名', '联系人', 'customer', 'customer name'],
    about: '必填。客户怎么称呼，最多 60 个字。',
  },
  {
    ...{ field: 'phone', title: '电话', example: '13800001234', needed: true },
    also: ['客户电话', '联系电话', '联系方式', '手机', '手机号', '手机号码', '电话号码', '用户电话', 'mobile', 'tel'],
    about: '必填。11 位手机号，或带区号的座机（0371-60001234，可带分机）。',
  },
  {
    ...{ field: 'address', title: '地址', example: '金水区花园路38号院5号楼1801', needed: true },
    also: ['客户地址', '详细地址', '上门地址', '安装地址', '服务地址', '用户地址', '住址'],
    about: '必填。上门地址，最多 200 个字。',
  },
  {
    ...{ field: 'fault', title: '故障', example: '不制冷', needed: true },
    also: ['故障描述', '故障现象', '问题', '问题描述', '报修内容', '服务内容', '服务要求', '内容', 'description'],
    about: '必填。什么毛病或要做什么，最多 500 个字。',
  },
  {
    ...{ field: 'category', title: '故障类别', also: ['类别', '故障分类', '分类'], example: '' },
    about: '公司自己的分类，最多 40 个字。',
  },
  {
    ...{ field: 'zone', title: '区域', also: ['片区', '所属区域', '行政区', '区县', 'area'], example: '金水区' },
    about: '和技术员负责的区域同名，派工时优先派熟悉那里的人。',
  },
  {
    ...{ field: 'distanceKm', title: '距离', also: ['公里数', '里程', '距离公里', 'distance', 'km'], example: '12.5' },
    about: '公里，0 到 5000。',
  },
  { field: 'brand', title: '品牌', also: ['产品品牌'], example: '', about: '最多 40 个字。' },
  { field: 'model', title: '型号', also: ['产品型号', '机型', '规格型号'], example: '', about: '最多 60 个字。' },
  {
    ...{ field: 'serial', title: '序列号', also: ['条码', '条形码', '机号', '机身号', '机身条码', 'SN'], example: '' },
    about: '机器上的号码，最多 60 个字。这一列请设为文本，免得 Excel 改成 1.23E+14。',
  },
  { field: 'units', title: '台数', also: ['数量', '件数'], example: '1', about: '同一客户一起来的台数，1 到 999。' },
  {
    ...{ field: 'warranty', title: '保修', example: '保内' },
    also: ['保修状态', '质保', '质保状态', '是否保修', '是否在保', '保内保外', '保内外'],
    about: '保内 或 保外。',
  },
  {
    ...{ field: 'invoiceDate', title: '购买日期', example: '2026-11-03' },
    also: ['购机日期', '发票日期', '购买时间', 'invoice date'],
    about: '发票上的日期，和购买价格要么都填，要么都不填。',
  },
  {
    ...{ field: 'price', title: '购买价格', example: '3299.00' },
    also: ['购机价格', '发票金额', '购买金额', '价格', 'invoice price'],
    about: '发票上的金额，元。',
  },
  {
    ...{ field: 'wantedAt', title: '期望时间', example: '2026-12-01 14:00' },
    also: ['期望上门时间', '上门时间', '预约时间', '预约上门时间', '要求时间', '希望时间', 'wanted at'],
    about: '客户希望什么时候上门：2026-12-01 14:00，也可以写「明天下午2点」，按上传的那一刻算。',
  },
  {
    ...{ field: 'key', title: '重点客户', also: ['是否重点客户', 'vip', '大客户'], example: '否' },
    about: '是 或 否；不填按制度判断。',
  },
  {
    ...{ field: 'assign', title: '师傅', example: '' },
    also: ['派给', '技术员', '维修师傅', '安装师傅', '服务人员', '工程师', '服务工程师', '负责人', 'technician'],
    about: '派给谁，写全名；不填按制度派。',
  },
  { field: 'state', title: '状态', also: [], example: '', about: '', shown: true },
  { field: 'createdAt', title: '来单时间', also: ['创建时间'], example: '', about: '', shown: true },
  { field: 'appointment', title: '约定时间', also: [], example: '', about: '', shown: true },
  { field: 'completedAt', title: '完工时间', also: [], example: '', about: '', shown: true },
  { field: 'charge', title: '收费', also: [], example: '', about: '', shown: true },
]
