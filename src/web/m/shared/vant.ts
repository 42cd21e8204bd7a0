/** The few parts of Vant that are used, without the sheet of its icons, which alone weighs more than all of them. */
import 'vant/es/style/base.css'
import 'vant/es/overlay/index.css'
import 'vant/es/popup/index.css'
import 'vant/es/loading/index.css'
import 'vant/es/button/index.css'

export { Button } from 'vant/es/button'
export { Popup } from 'vant/es/popup'
