"""Analytics: history at any size, in plain SQL over Parquet files that name nobody.

Each question is written once (`models/*.sql`) and run unchanged by DuckDB inside the process or by Spark beside it; what it must
answer is said by plain Python and by `cases/`. What the files hold, column by column, is `contract.yaml`; what must never be in
them is `audits/`. Nothing here knows the house: it is asked with rows and answers with rows.

Words: dataset, contract, model, audit, relation, engine.
"""
