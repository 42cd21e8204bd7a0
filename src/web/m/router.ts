import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import ListPage from './pages/orders/ListPage.vue'

/** The pages of a technician's phone. All but the list are fetched when they are first opened. */
const routes: RouteRecordRaw[] = [
  { path: '/', name: 'orders', component: ListPage, meta: { title: { zh: '我的单', en: 'My jobs' }, roles: null } },
  {
    ...{ path: '/orders/:code', name: 'order', component: () => import('./pages/order/OrderPage.vue') },
    meta: { title: { zh: '派工单', en: 'Job' }, roles: null, within: 'orders' },
  },
  {
    ...{ path: '/leave', name: 'leave', component: () => import('./pages/leave/LeavePage.vue') },
    meta: { title: { zh: '我的假', en: 'My leave' }, roles: null },
  },
  {
    ...{ path: '/leave/new', name: 'newLeave', component: () => import('./pages/leave/AskPage.vue') },
    meta: { title: { zh: '请假', en: 'Ask for leave' }, roles: null, within: 'leave' },
  },
  {
    ...{
      path: '/leave/requests/:code',
      name: 'leaveRequest',
      component: () => import('./pages/leave/RequestPage.vue'),
    },
    meta: { title: { zh: '请假', en: 'Leave' }, roles: null, within: 'leave' },
  },
  {
    ...{ path: '/pay', name: 'pay', component: () => import('./pages/pay/PayPage.vue') },
    meta: { title: { zh: '我的工资', en: 'My pay' }, roles: null },
  },
  {
    ...{ path: '/pay/:team/:month', name: 'slip', component: () => import('./pages/pay/SlipPage.vue') },
    meta: { title: { zh: '工资条', en: 'Payslip' }, roles: null, within: 'pay' },
  },
  {
    ...{ path: '/me', name: 'me', component: () => import('./pages/me/MePage.vue') },
    meta: { title: { zh: '我', en: 'Me' }, roles: null },
  },
  {
    ...{ path: '/me/points', name: 'points', component: () => import('./pages/me/PointsPage.vue') },
    meta: { title: { zh: '我的积分', en: 'My points' }, roles: null, within: 'me' },
  },
  {
    ...{ path: '/me/incidents/:code', name: 'incident', component: () => import('./pages/me/IncidentPage.vue') },
    meta: { title: { zh: '奖惩', en: 'Incident' }, roles: null, within: 'me' },
  },
  { path: '/:rest(.*)', redirect: '/' },
]

export const router = createRouter({
  history: createWebHistory('/m/'),
  routes,
  scrollBehavior: (_to, _from, kept) => kept ?? { top: 0 },
})
