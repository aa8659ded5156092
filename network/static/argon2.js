/* Argon2id (RFC 9106, version 0x13, one lane), because browsers bring none of their own. Written out from the RFC, so that it
   needs neither a library nor WebAssembly, which our page policy refuses; tests hold it against the reference, word for word.
   argon2id(password, salt, {memory: KiB, passes: n, length: bytes}) gives a promise; the page can breathe between its steps. */
(function () {
  "use strict";
  var WORDS = 256; /* a block is 1024 bytes: 128 numbers of 64 bits, each as two words, the low one first */
  var IV = new Uint32Array([0xf3bcc908, 0x6a09e667, 0x84caa73b, 0xbb67ae85, 0xfe94f82b, 0x3c6ef372, 0x5f1d36f1, 0xa54ff53a,
    0xade682d1, 0x510e527f, 0x2b3e6c1f, 0x9b05688c, 0xfb41bd6b, 0x1f83d9ab, 0x137e2179, 0x5be0cd19]);
  var SIGMA = ["0123456789abcdef", "ea489fd61c02b753", "b8c052fdae367194", "7931dcbe265a40f8", "905724afe1bc683d", "2c6a0b834d75fe19",
    "c51fed4a0763928b", "db7ec13950f4862a", "6fe9b308c2d714a5", "a2847615fb9e3cd0", "0123456789abcdef", "ea489fd61c02b753"
  ].map(function (row) { return Array.from(row, function (sign) { return parseInt(sign, 16); }); });

  function join(parts) {
    var whole = new Uint8Array(parts.reduce(function (sum, part) { return sum + part.length; }, 0)), at = 0;
    parts.forEach(function (part) { whole.set(part, at); at += part.length; });
    return whole;
  }
  function number(value) { return [value & 255, value >>> 8 & 255, value >>> 16 & 255, value >>> 24]; }

  /* BLAKE2b. v, m: 64-bit numbers as pairs of words. */
  function turn(v, at, low, high, by) { /* v[at] = (low, high) turned right by so many bits */
    if (by === 32) { v[at] = high; v[at + 1] = low; return; }
    if (by === 63) { v[at] = low << 1 | high >>> 31; v[at + 1] = high << 1 | low >>> 31; return; }
    v[at] = low >>> by | high << 32 - by; v[at + 1] = high >>> by | low << 32 - by;
  }
  function add(v, to, low, high) {
    var sum = v[to] + low;
    v[to + 1] = v[to + 1] + high + (sum > 4294967295 ? 1 : 0);
    v[to] = sum;
  }
  function mix(v, m, a, b, c, d, x, y) {
    a *= 2; b *= 2; c *= 2; d *= 2; x *= 2; y *= 2;
    add(v, a, v[b], v[b + 1]); add(v, a, m[x], m[x + 1]); turn(v, d, v[d] ^ v[a], v[d + 1] ^ v[a + 1], 32);
    add(v, c, v[d], v[d + 1]); turn(v, b, v[b] ^ v[c], v[b + 1] ^ v[c + 1], 24);
    add(v, a, v[b], v[b + 1]); add(v, a, m[y], m[y + 1]); turn(v, d, v[d] ^ v[a], v[d + 1] ^ v[a + 1], 16);
    add(v, c, v[d], v[d + 1]); turn(v, b, v[b] ^ v[c], v[b + 1] ^ v[c + 1], 63);
  }
  function blake2b(content, length) {
    var h = IV.slice(), v = new Uint32Array(32), m = new Uint32Array(32);
    h[0] ^= 0x01010000 ^ length;
    for (var at = 0, last = false; !last; at += 128) {
      last = at + 128 >= content.length;
      var block = new Uint8Array(128);
      block.set(content.subarray(at, at + 128));
      for (var i = 0; i < 32; i++) { m[i] = block[4 * i] | block[4 * i + 1] << 8 | block[4 * i + 2] << 16 | block[4 * i + 3] << 24; }
      v.set(h); v.set(IV, 16);
      v[24] ^= last ? content.length : at + 128;
      if (last) { v[28] = ~v[28]; v[29] = ~v[29]; }
      SIGMA.forEach(function (s) {
        mix(v, m, 0, 4, 8, 12, s[0], s[1]); mix(v, m, 1, 5, 9, 13, s[2], s[3]);
        mix(v, m, 2, 6, 10, 14, s[4], s[5]); mix(v, m, 3, 7, 11, 15, s[6], s[7]);
        mix(v, m, 0, 5, 10, 15, s[8], s[9]); mix(v, m, 1, 6, 11, 12, s[10], s[11]);
        mix(v, m, 2, 7, 8, 13, s[12], s[13]); mix(v, m, 3, 4, 9, 14, s[14], s[15]);
      });
      for (i = 0; i < 16; i++) { h[i] ^= v[i] ^ v[i + 16]; }
    }
    return join(Array.from(h, number)).slice(0, length);
  }
  function longHash(content, length) { /* as long as is wanted, from hashes of 64 bytes */
    if (length <= 64) { return blake2b(join([number(length), content]), length); }
    var part = blake2b(join([number(length), content]), 64), parts = [part.slice(0, 32)], left = length - 32;
    while (left > 64) {
      part = blake2b(part, 64);
      parts.push(part.slice(0, 32));
      left -= 32;
    }
    parts.push(blake2b(part, left));
    return join(parts);
  }

  /* Blocks of memory */
  function step(v, a, b, c, d) { /* half of the mixing: a + b + 2ab on a, with what follows on d, c and b left to `round` */
    var low = v[a], with_ = v[b], l0 = low & 65535, l1 = low >>> 16, w0 = with_ & 65535, w1 = with_ >>> 16;
    var bottom = Math.imul(l0, w0), middle = (Math.imul(l1, w0) >>> 0) + (bottom >>> 16);
    var other = (Math.imul(l0, w1) >>> 0) + (middle & 65535);
    var high = (Math.imul(l1, w1) >>> 0) + (middle >>> 16) + (other >>> 16), product = other << 16 | bottom & 65535;
    var sum = low + with_ + ((product << 1) >>> 0);
    v[a + 1] = v[a + 1] + v[b + 1] + (high << 1 | product >>> 31) + (sum / 4294967296 | 0);
    v[a] = sum;
  }
  function round(v, a, b, c, d) {
    var low, high;
    step(v, a, b); low = v[d] ^ v[a]; v[d] = v[d + 1] ^ v[a + 1]; v[d + 1] = low;
    step(v, c, d); low = v[b] ^ v[c]; high = v[b + 1] ^ v[c + 1]; v[b] = low >>> 24 | high << 8; v[b + 1] = high >>> 24 | low << 8;
    step(v, a, b); low = v[d] ^ v[a]; high = v[d + 1] ^ v[a + 1]; v[d] = low >>> 16 | high << 16; v[d + 1] = high >>> 16 | low << 16;
    step(v, c, d); low = v[b] ^ v[c]; high = v[b + 1] ^ v[c + 1]; v[b] = low << 1 | high >>> 31; v[b + 1] = high << 1 | low >>> 31;
  }
  function stir(v, n) { /* n: where the sixteen numbers stand */
    round(v, n[0], n[4], n[8], n[12]); round(v, n[1], n[5], n[9], n[13]); round(v, n[2], n[6], n[10], n[14]); round(v, n[3], n[7], n[11], n[15]);
    round(v, n[0], n[5], n[10], n[15]); round(v, n[1], n[6], n[11], n[12]); round(v, n[2], n[7], n[8], n[13]); round(v, n[3], n[4], n[9], n[14]);
  }
  var ROWS = [], COLUMNS = [];
  for (var i = 0; i < 8; i++) {
    ROWS.push(Array.from({ length: 16 }, function (_, k) { return 32 * i + 2 * k; }));
    COLUMNS.push(Array.from({ length: 16 }, function (_, k) { return 4 * i + 32 * (k >> 1) + 2 * (k & 1); }));
  }
  var mixed = new Uint32Array(WORDS), kept = new Uint32Array(WORDS);
  function compress(memory, one, other, to, adds) { /* block `to` from two blocks; added to what stood there from the second pass on */
    var k;
    for (k = 0; k < WORDS; k++) { kept[k] = mixed[k] = memory[one + k] ^ memory[other + k]; }
    for (k = 0; k < 8; k++) { stir(mixed, ROWS[k]); }
    for (k = 0; k < 8; k++) { stir(mixed, COLUMNS[k]); }
    for (k = 0; k < WORDS; k++) { memory[to + k] = (adds ? memory[to + k] : 0) ^ mixed[k] ^ kept[k]; }
  }
  function highOfSquare(a) {
    var l = a & 65535, h = a >>> 16, middle = (Math.imul(h, l) >>> 0) + (Math.imul(l, l) >>> 16);
    return (Math.imul(h, h) >>> 0) + (middle >>> 16) + ((Math.imul(l, h) >>> 0) + (middle & 65535) >>> 16);
  }
  function highOf(a, b) {
    return Math.floor(a * (b >>> 16) / 65536 + a * (b & 65535) / 4294967296); /* a is a count of blocks, far below 2^20 */
  }

  /* One slice: a quarter of one pass. The first half of the first pass looks at addresses that do not depend on the secret. */
  function fill(memory, blocks, pass, slice, passes) {
    var quarter = blocks / 4, is_blind = pass === 0 && slice < 2, where = new Uint32Array(3 * WORDS), counter = 0;
    function draw() {
      where[12] = ++counter;
      compress(where, WORDS, 0, 2 * WORDS, false); /* where[WORDS...] is nothing but zeros until here */
      compress(where, WORDS, 2 * WORDS, 2 * WORDS, false);
    }
    where[0] = pass; where[4] = slice; where[6] = blocks; where[8] = passes; where[10] = 2;
    if (is_blind && slice === 0) { draw(); }
    for (var index = pass === 0 && slice === 0 ? 2 : 0; index < quarter; index++) {
      var here = slice * quarter + index, before = (here + blocks - 1) % blocks, drawn;
      if (is_blind) {
        if (index % 128 === 0) { draw(); }
        drawn = where[2 * WORDS + 2 * (index % 128)];
      } else {
        drawn = memory[before * WORDS];
      }
      var area = (pass === 0 ? slice * quarter : blocks - quarter) + index - 1;
      var chosen = area - 1 - highOf(area, highOfSquare(drawn));
      var start = pass === 0 || slice === 3 ? 0 : (slice + 1) * quarter;
      compress(memory, before * WORDS, (start + chosen) % blocks * WORDS, here * WORDS, pass > 0);
    }
  }

  window.argon2id = async function (password, salt, how) {
    var blocks = 4 * Math.floor(how.memory / 4), memory = new Uint32Array(blocks * WORDS), empty = number(0);
    var first = blake2b(join([number(1), number(how.length), number(how.memory), number(how.passes), number(0x13), number(2),
      number(password.length), password, number(salt.length), salt, empty, empty]), 64);
    [0, 1].forEach(function (at) {
      var block = longHash(join([first, number(at), empty]), 1024);
      for (var k = 0; k < WORDS; k++) {
        memory[at * WORDS + k] = block[4 * k] | block[4 * k + 1] << 8 | block[4 * k + 2] << 16 | block[4 * k + 3] << 24;
      }
    });
    for (var pass = 0; pass < how.passes; pass++) {
      for (var slice = 0; slice < 4; slice++) {
        fill(memory, blocks, pass, slice, how.passes);
        await new Promise(function (go) { setTimeout(go, 0); });
      }
    }
    var result = longHash(join(Array.from(memory.subarray((blocks - 1) * WORDS), number)), how.length);
    memory.fill(0); mixed.fill(0); kept.fill(0);
    return result;
  };
})();
