// node build.mjs ENGINE APP PACKAGE OUT
// Bundles the public files of one app (folder PACKAGE) into the folder OUT, which is served as /assets/APP, and writes there
// bundles.json: bundle name -> URL. ENGINE is the folder of monoframe, whose sources apps may import.
import { build } from "esbuild";
import * as sfc from "@vue/compiler-sfc";
import { createHash } from "crypto";
import fs from "fs";
import path from "path";
import * as sass from "sass";
import { fileURLToPath, pathToFileURL } from "url";

const [ENGINE, APP, PACKAGE, OUT] = process.argv.slice(2);
const MODULES = path.join(path.dirname(fileURLToPath(import.meta.url)), "node_modules");
const PUBLIC = path.join(PACKAGE, "public");
const read = (file) => fs.readFileSync(file, "utf8");

// The snapshot renamed "frappe" to "monoframe" inside its files, but neither the folder public/js/frappe nor .vue files; and
// it renamed what npm calls its packages.
const NPM_NAMES = {
	"monoframe-charts": "frappe-charts",
	"monoframe-datatable": "frappe-datatable",
	"monoframe-gantt": "frappe-gantt",
	"monoframe-quill-image-resize": "quill-image-resize",
};
const npmName = (name) =>
	name
		.replace(new RegExp(Object.keys(NPM_NAMES).join("|"), "g"), (found) => NPM_NAMES[found])
		.replace("quill-image-resize.min", "image-resize.min")
		.replace(/frappe-(\w+)\/dist\/monoframe-/, "frappe-$1/dist/frappe-");

const inEngine = (name) => path.join(ENGINE, name.slice("monoframe/".length));

const renamed = {
	name: "renamed",
	setup(bundler) {
		bundler.onResolve({ filter: /^\/assets\// }, ({ path }) => ({ path, external: true }));
		bundler.onResolve({ filter: /monoframe/ }, (args) => {
			if (args.pluginData?.seen) return;
			let name = args.path;
			if (/^\.{1,2}\//.test(name)) {
				const folder = path.join(args.resolveDir, path.dirname(name));
				if (!fs.existsSync(folder)) name = name.replace(/(^|\/)monoframe\//, "$1frappe/");
			} else if (name.startsWith("monoframe/public/node_modules/")) {
				name = name.slice("monoframe/public/node_modules/".length);
			} else {
				name = name.startsWith("monoframe/") ? inEngine(name) : npmName(name);
			}
			const { resolveDir, kind, importer } = args;
			return bundler.resolve(name, { resolveDir, kind, importer, pluginData: { seen: true } });
		});
		// its loops are named with three random letters: now and then "for" or "new", and the page breaks
		bundler.onLoad({ filter: /microtemplate\.js$/ }, (args) => ({
			contents: read(args.path).replaceAll("get_random(3)", "get_random(9)"),
		}));
		// what a page loads later, by its address
		bundler.onLoad({ filter: /gantt_view\.js$/ }, (args) => ({
			contents: read(args.path).replaceAll("monoframe-gantt", "frappe-gantt"),
		}));
		// a form that was changed elsewhere is loaded anew a second later, and took the place of the one opened meanwhile
		bundler.onLoad({ filter: /\/form\/form\.js$/ }, (args) => ({
			contents: read(args.path).replace(
				/(with_doc\(this\.doctype, this\.docname, \(\) => \{\s+)(this\.refresh\(\);)/,
				'$1if (monoframe.get_route().slice(2).join("/") === String(this.docname)) $2',
			),
		}));
		// .vue templates say `frappe.`
		bundler.onLoad({ filter: /libs\.bundle\.js$/ }, (args) => ({
			contents: read(args.path).replace(/(app\.config\.globalProperties)\.monoframe =/, "$&  $1.frappe ="),
		}));
	},
};

// an imported .html file is a template of the desk
const templates = {
	name: "templates",
	setup(bundler) {
		bundler.onResolve({ filter: /\.html$/ }, (args) => {
			const file = path.join(args.resolveDir, args.path);
			const found = fs.existsSync(file) ? file : file.replace("/js/monoframe/", "/js/frappe/");
			return { path: found, namespace: "template" };
		});
		bundler.onLoad({ filter: /.*/, namespace: "template" }, (args) => {
			// the text of a template literal, as Frappe's own build makes it: one template escapes quotes for that
			const html = read(args.path).replaceAll("`", "\\`").replaceAll("${", "\\${");
			return { contents: `monoframe.templates["${path.basename(args.path).split(".")[0]}"] = \`${html}\`;` };
		});
	},
};

const scss = {
	name: "scss",
	setup(bundler) {
		const findFileUrl = (url, { containingUrl }) => {
			if (url.startsWith("monoframe_")) return new URL(url.replace("monoframe_", "frappe_"), containingUrl);
			if (url.startsWith("~")) return pathToFileURL(path.join(MODULES, npmName(url.slice(1))));
			return url.startsWith("monoframe/") ? pathToFileURL(inEngine(url)) : null;
		};
		bundler.onLoad({ filter: /\.scss$/ }, (args) => {
			const { css } = sass.compile(args.path, {
				importers: [{ findFileUrl }],
				loadPaths: [MODULES, path.dirname(ENGINE)],
				quietDeps: true,
				logger: sass.Logger.silent,
			});
			return { contents: css, loader: "css", resolveDir: path.dirname(args.path) };
		});
	},
};

const vue = {
	name: "vue",
	setup(bundler) {
		bundler.onLoad({ filter: /\.vue$/ }, (args) => {
			const id = createHash("sha256").update(args.path).digest("hex").slice(0, 12); // one each: styles are told apart by it
			const { descriptor } = sfc.parse(read(args.path), { filename: args.path });
			const scoped = descriptor.styles.some((style) => style.scoped);
			const inline = Boolean(descriptor.scriptSetup);
			const script =
				descriptor.script || inline
					? sfc.compileScript(descriptor, {
							id,
							genDefaultAs: "component",
							inlineTemplate: inline,
							templateOptions: { scoped, id },
						})
					: { content: "const component = {};" };
			const code = [script.content];
			if (descriptor.template && !inline) {
				const compilerOptions = { bindingMetadata: script.bindings, scopeId: scoped ? `data-v-${id}` : undefined };
				const source = descriptor.template.content;
				const template = sfc.compileTemplate({ source, filename: args.path, id, scoped, compilerOptions });
				code.push(template.code.replace("export function render", "function render"), "component.render = render;");
			}
			if (scoped) code.push(`component.__scopeId = "data-v-${id}";`);
			for (const style of descriptor.styles) {
				code.push(`document.head.append(Object.assign(document.createElement("style"),
					{ textContent: ${JSON.stringify(css(style, args.path, id))} }));`);
			}
			code.push("export default component;");
			const lang = (descriptor.script || descriptor.scriptSetup)?.lang;
			return { contents: code.join("\n"), loader: lang === "ts" ? "ts" : "js", resolveDir: path.dirname(args.path) };
		});
	},
};

function css(style, filename, id) {
	let source = style.content.replace(/@import\s+["']([^"']+)["'];?/g, (statement, name) => {
		const file = path.join(MODULES, name);
		return fs.existsSync(file) ? read(file) : statement;
	});
	if (style.lang === "scss") {
		const loadPaths = [path.dirname(filename), MODULES];
		source = sass.compileString(source, { loadPaths, logger: sass.Logger.silent, url: pathToFileURL(filename) }).css;
	}
	return sfc.compileStyle({ source, filename, id: `data-v-${id}`, scoped: style.scoped }).code;
}

const filesBelow = (folder) =>
	fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const file = path.join(folder, entry.name);
		if (!entry.isDirectory()) return [file];
		return ["dist", "node_modules"].includes(entry.name) ? [] : filesBelow(file);
	});

// files that are no bundles are served where they lie
function linkPublicFiles() {
	for (const name of fs.readdirSync(PUBLIC)) {
		if (name !== "dist") fs.symlinkSync(path.join(PUBLIC, name), path.join(OUT, name));
	}
	if (PACKAGE !== ENGINE) return;
	fs.symlinkSync(MODULES, path.join(OUT, "node_modules"));
	// pages ask for some images by their new names, while the files have their old ones
	const images = path.join(PUBLIC, "images");
	const linked = path.join(OUT, "images");
	fs.rmSync(linked);
	fs.mkdirSync(linked);
	for (const name of fs.readdirSync(images)) {
		for (const link of [name, name.replace("frappe", "monoframe"), name.replace("frappe-framework", "monoframe")]) {
			if (link === name || !fs.existsSync(path.join(images, link))) {
				fs.rmSync(path.join(linked, link), { force: true });
				fs.symlinkSync(path.join(images, name), path.join(linked, link));
			}
		}
	}
}

const asFile = { loader: {} };
for (const ending of ["woff", "woff2", "ttf", "eot", "svg", "png", "gif", "jpg"]) asFile.loader[`.${ending}`] = "file";

async function bundle(kind, files) {
	const { metafile } = await build({
		...asFile,
		entryPoints: files.map((file) => ({ in: file, out: path.basename(file).replace(/\.\w+$/, "") })),
		outdir: path.join(OUT, "dist", kind),
		absWorkingDir: OUT,
		entryNames: "[name].[hash]",
		bundle: true,
		minify: true,
		metafile: true,
		target: "es2020",
		alias: { vue: path.join(MODULES, "vue/dist/vue.esm-bundler.js") }, // one copy, for vuedraggable's require too
		nodePaths: [MODULES, path.dirname(ENGINE)],
		plugins: [renamed, templates, scss, vue],
		banner: kind === "js" ? { js: "window.monoframe=window.frappe=window.monoframe||window.frappe||{};" } : {},
		define: {
			"process.env.NODE_ENV": '"production"',
			__VUE_OPTIONS_API__: "true",
			__VUE_PROD_DEVTOOLS__: "false",
			__VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
		},
		logLevel: "error",
	});
	return Object.entries(metafile.outputs).filter(([, output]) => output.entryPoint);
}

const urls = {};
if (fs.existsSync(PUBLIC)) {
	linkPublicFiles();
	const files = filesBelow(PUBLIC).filter((file) => /\.bundle\.(js|ts|css|scss)$/.test(file));
	for (const [kind, endings] of [["js", /\.(js|ts)$/], ["css", /\.s?css$/]]) {
		const entries = files.filter((file) => endings.test(file));
		for (const [output, { entryPoint }] of entries.length ? await bundle(kind, entries) : []) {
			const name = path.basename(entryPoint).replace(/\.scss$/, ".css").replace(/\.ts$/, ".js");
			const url = `/assets/${APP}/${output}`;
			urls[name] = url;
			if (name.startsWith("frappe")) urls[name.replace("frappe", "monoframe")] = url;
			if (kind === "css") urls[`rtl_${name}`] = url;
		}
	}
}
fs.writeFileSync(path.join(OUT, "bundles.json"), JSON.stringify(urls));
