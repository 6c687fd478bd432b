// The front page of the demo: which rooms there are, who one is, and links to paste into the window.

const frame = document.getElementById("window");
const FOLLOWED = 20_000; // milliseconds after a message in which the window keeps to its end
const seen = new Map(); // how many messages a room had when one last looked
let state = null;
let busy = false;

async function call(path, body) {
  const answer = await fetch(path, body && {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Threadline-Demo": "1" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

function say(text) {
  document.getElementById("status").textContent = text;
}

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

const MARKS = { channel: "#", forum: "☰", thread: "↳", post: "↳" };

function drawRoom(room) {
  const item = element("li");
  const parts = [element("span", "mark", MARKS[room.kind]), element("span", "name", room.name)];
  parts[0].setAttribute("aria-hidden", "true");
  if (room.kind === "forum") {
    item.className = "forum";
    item.append(...parts);
    return item;
  }
  const button = element("button", room.kind);
  const unread = room.messages - (seen.get(room.id) ?? 0);
  button.type = "button";
  button.title = room.name;
  button.dataset.room = room.id;
  button.append(...parts);
  if (room.id === state.room) button.setAttribute("aria-current", "page");
  else if (unread > 0) {
    button.classList.add("new");
    const badge = element("span", "badge", String(unread));
    badge.setAttribute("aria-label", `${unread} new`);
    button.append(badge);
  }
  button.addEventListener("click", () => show(room.id, state.viewer));
  item.append(button);
  return item;
}

function drawRooms() {
  const focused = document.activeElement?.dataset?.room;
  seen.set(state.room, state.rooms.find((room) => room.id === state.room)?.messages ?? 0);
  document.getElementById("rooms").replaceChildren(...state.rooms.map(drawRoom));
  if (focused) document.querySelector(`[data-room="${focused}"]`)?.focus();
}

function drawMembers() {
  document.getElementById("members").replaceChildren(...state.members.map((member) => {
    const label = element("label", "", member.name);
    const choice = document.createElement("input");
    choice.type = "radio";
    choice.name = "member";
    choice.checked = member.id === state.viewer;
    choice.addEventListener("change", () => show(state.room, member.id));
    label.append(choice);
    return label;
  }));
}

function drawPages() {
  document.getElementById("pages").replaceChildren(...state.pages.map((page) => {
    const item = element("li");
    const link = element("a", "", page.title);
    link.href = page.url;
    link.target = "_blank";
    link.rel = "noopener";
    const button = element("button", "", "Paste");
    button.type = "button";
    button.setAttribute("aria-label", `Paste the link to “${page.title}”`);
    button.addEventListener("click", () => paste(page.url));
    item.append(link, button, element("p", "", page.note));
    return item;
  }));
}

function openWindow() {
  frame.setAttribute("aria-busy", "true");
  // Not by src: that would leave a step in the history that leads back to a closed window.
  frame.contentWindow.location.replace(state.window);
}

async function show(room, viewer) {
  if (busy) return;
  busy = true;
  frame.setAttribute("aria-busy", "true");
  try {
    state = await call("/demo/show", { room, viewer });
    drawRooms();
    openWindow();
    say("");
  } catch (error) {
    say(error.message);
    frame.removeAttribute("aria-busy");
  } finally {
    busy = false;
  }
}

const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

async function paste(url) {
  // While a message is on its way, the box still holds it.
  while (!frame.contentWindow.simcordPreview?.ready) await pause(50);
  const box = frame.contentDocument.getElementById("channel-composer-input");
  box.value = box.value ? `${box.value} ${url}` : url;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
}

const named = (text, kinds) => state.rooms.findLast((room) => kinds.includes(room.kind) && text === room.name);

// The room that something in the window leads to: a link of Discord, a mention, or the line below a message.
function roomOf(target) {
  const address = target.closest("a[href]")?.href.match(/^https:\/\/discord\.com\/channels\/[^/]+\/(\d+)/)?.[1];
  if (address) return state.rooms.find((room) => room.id === address);
  const mention = target.closest(".mention")?.textContent;
  if (mention?.startsWith("#")) return named(mention.slice(1), ["channel", "thread", "post"]);
  const thread = target.closest(".thread-summary")?.textContent;
  return thread && named(thread.replace(/ · \d+ messages?(Archived)?$/, ""), ["thread"]);
}

async function settle() {
  while (!busy && !frame.contentWindow.simcordPreview?.ready) await pause(50);
  if (!busy) frame.removeAttribute("aria-busy"); // else on the way to another room, whose window settles next
}

// Whoever has just sent something wants to see what comes of it.
function followAnswers(inside) {
  const timeline = inside.getElementById("channel-timeline");
  let sent = -Infinity;
  inside.addEventListener("submit", () => { sent = performance.now(); }, true);
  new ResizeObserver(() => {
    if (performance.now() - sent < FOLLOWED) timeline.scrollTop = timeline.scrollHeight;
  }).observe(inside.getElementById("channel-message-list"));
}

frame.addEventListener("load", () => {
  if (frame.contentWindow.location.pathname !== "/window") return;
  settle();
  followAnswers(frame.contentDocument);
  // What leads to another room of Discord leads to another room here.
  frame.contentDocument.addEventListener("click", (event) => {
    const room = event.target instanceof frame.contentWindow.Element && roomOf(event.target);
    if (!room) return;
    event.preventDefault();
    if (room.id !== state.room) show(room.id, state.viewer);
  }, true);
});

async function look() {
  if (!busy && document.visibilityState === "visible") {
    try {
      const found = await call("/demo/state");
      if (!busy && JSON.stringify(found.rooms) !== JSON.stringify(state.rooms)) {
        state.rooms = found.rooms;
        drawRooms();
      }
      say("");
    } catch {
      say("The demo has ended. Start it again: threadline demo");
    }
  }
  setTimeout(look, 1000);
}

state = await call("/demo/state");
state.rooms.forEach((room) => seen.set(room.id, room.messages));
drawRooms();
drawMembers();
drawPages();
openWindow();
setTimeout(look, 1000);
