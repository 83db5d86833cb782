export { recipe } from './generated/recipe.ts'
export type { StackRecipe } from './recipe.ts'
export { replayRecipe } from './replay.ts'
