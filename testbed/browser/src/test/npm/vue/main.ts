import { configure } from 'tokenizer-components';
import { createApp } from 'vue';
import SignUp from './SignUp.vue';

configure({ vault: document.body.dataset.vault });
createApp(SignUp).mount('#root');
