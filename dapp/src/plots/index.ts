export { BarPlot, type PlotTable, StepPlot } from './Plot.tsx'
