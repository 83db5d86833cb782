export { BarPlot, Figure, StepPlot } from './Plot.tsx'
