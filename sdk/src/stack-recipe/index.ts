export { recipe } from './generated/recipe.ts'
export { replayRecipe } from './replay.ts'
