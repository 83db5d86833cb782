export { BarPlot, StepPlot } from './Plot.tsx'
