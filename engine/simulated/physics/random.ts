/** Reproducible chance: the same seed and label give the same numbers on every machine. */
export interface Random {
  /** 0 ≤ n < 1. */
  next(): number;
  /** Normally distributed, mean 0, standard deviation 1. */
  gauss(): number;
}

/** `label` makes independent streams of one seed, so that one part's draws never shift another's. */
export function createRandom(seed: number, label: string): Random {
  let state = hash(`${seed}/${label}`);
  // mulberry32 (Tommy Ettinger, public domain): 32 bits of state, passes gjrand; plenty for noise.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  // Box–Muller makes two at a time; 1 − next() is never 0.
  let spare: number | undefined;
  const gauss = (): number => {
    if (spare !== undefined) {
      const kept = spare;
      spare = undefined;
      return kept;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - next()));
    const angle = 2 * Math.PI * next();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return { next, gauss };
}

/** A factor around 1 whose logarithm has the standard deviation `sigma`; its mean is 1. */
export function noiseFactor(random: Random, sigma: number): number {
  return sigma === 0 ? 1 : Math.exp(sigma * random.gauss() - (sigma * sigma) / 2);
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h | 0;
}
