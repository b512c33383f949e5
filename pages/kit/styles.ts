// All style sheets of the kit: an application has one, and its parts that are loaded later have none.
import './tokens.css';
import './button.module.css';
import './card.module.css';
import './code.module.css';
import './dialog.module.css';
import './facts.module.css';
import './form.module.css';
import './live-region.module.css';
import './menu.module.css';
import './notice.module.css';
import './page.module.css';
import './pagination.module.css';
import './table.module.css';
import './waiting.module.css';
